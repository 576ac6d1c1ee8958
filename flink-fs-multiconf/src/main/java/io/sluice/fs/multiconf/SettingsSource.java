package io.sluice.fs.multiconf;

import org.apache.flink.configuration.IllegalConfigurationException;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file or directory that a binding names in the configuration. Messages tell which, but nothing
 * that is in it.
 *
 * @param binding its name
 * @param key of the option that names it
 */
record SettingsSource(String binding, String key, Path path) {

    /**
     * Returns what the {@code *-site.xml} files of the directory say, in the order of their names:
     * later ones win, unless an earlier one calls a property final.
     */
    Map<String, String> hadoopProperties() {
        if (!Files.isDirectory(path)) {
            throw unusable("is not a directory", null);
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(path)) {
            files =
                    entries.filter(file -> String.valueOf(file.getFileName()).endsWith("-site.xml"))
                            .sorted()
                            .toList();
        } catch (IOException e) {
            throw unusable("cannot be read: " + e, e);
        }
        if (files.isEmpty()) {
            throw unusable("has no *-site.xml file", null);
        }
        Map<String, String> properties = new HashMap<>();
        Set<String> fixed = new HashSet<>();
        files.forEach(file -> readXml(file, properties, fixed));
        return properties;
    }

    private void readXml(Path file, Map<String, String> properties, Set<String> fixed) {
        Element root;
        try {
            root = parser().parse(file.toFile()).getDocumentElement();
        } catch (SAXParseException e) {
            // Its message may tell a part of a value, and values may be secret.
            throw unusable(
                    "has a file that is not well-formed XML, %s, see line %d"
                            .formatted(file.getFileName(), e.getLineNumber()),
                    null);
        } catch (SAXException e) {
            throw unusable("has a file that is not XML, %s".formatted(file.getFileName()), null);
        } catch (IOException | ParserConfigurationException e) {
            throw unusable("has a file that cannot be read, %s: %s".formatted(file, e), e);
        }
        if (!root.getTagName().equals("configuration")) {
            throw unusable(
                    "has a file that is not Hadoop's, %s: its root is <%s>, not <configuration>"
                            .formatted(file.getFileName(), root.getTagName()),
                    null);
        }
        NodeList elements = root.getElementsByTagName("property");
        for (int i = 0; i < elements.getLength(); i++) {
            Element property = (Element) elements.item(i);
            String name = text(property, "name");
            if (!name.isEmpty() && !fixed.contains(name)) {
                properties.put(name, text(property, "value"));
                if (text(property, "final").equals("true")) {
                    fixed.add(name);
                }
            }
        }
    }

    private static String text(Element property, String tag) {
        NodeList elements = property.getElementsByTagName(tag);
        return elements.getLength() == 0
                ? property.getAttribute(tag)
                : elements.item(0).getTextContent().strip();
    }

    /** Takes includes, as Hadoop does, but no entities from elsewhere. */
    private static DocumentBuilder parser() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        factory.setNamespaceAware(true);
        factory.setXIncludeAware(true);
        DocumentBuilder parser = factory.newDocumentBuilder();
        // Unless set, errors are printed.
        parser.setErrorHandler(
                new ErrorHandler() {
                    @Override
                    public void warning(SAXParseException e) {}

                    @Override
                    public void error(SAXParseException e) throws SAXException {
                        throw e;
                    }

                    @Override
                    public void fatalError(SAXParseException e) throws SAXException {
                        throw e;
                    }
                });
        return parser;
    }

    /** Returns what the properties file says. */
    Map<String, String> properties() {
        requireReadableFile();
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            read.load(reader);
        } catch (IOException e) {
            throw unusable("cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            // Its message tells what is in the file.
            throw unusable("is not a properties file: it has a malformed \\u sequence", null);
        }
        Map<String, String> properties = new HashMap<>();
        read.forEach((name, value) -> properties.put((String) name, ((String) value).strip()));
        return properties;
    }

    void requireReadableFile() {
        if (!Files.isRegularFile(path)) {
            throw unusable("is not a file", null);
        }
        if (!Files.isReadable(path)) {
            throw unusable("cannot be read by this user", null);
        }
    }

    private IllegalConfigurationException unusable(String why, @Nullable Throwable cause) {
        return new IllegalConfigurationException(
                "Binding %s: %s: '%s' %s.".formatted(binding, key, path, why), cause);
    }
}
