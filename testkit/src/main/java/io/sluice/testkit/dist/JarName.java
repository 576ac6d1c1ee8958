package io.sluice.testkit.dist;

/** Which artifact a jar file is, told by its name: {@code <artifactId>[-<version>].jar}. */
final class JarName {

    private JarName() {}

    /** A version starts with a digit, so {@code log4j} is not the artifact of log4j-api-2.jar. */
    static boolean isOf(String artifactId, String fileName) {
        return fileName.equals(artifactId + ".jar")
                || (fileName.startsWith(artifactId + "-")
                        && fileName.endsWith(".jar")
                        && fileName.length() > artifactId.length() + 5
                        && Character.isDigit(fileName.charAt(artifactId.length() + 1)));
    }

    /** Returns {@code artifactId:version}, or the artifactId alone if the file has no version. */
    static String coordinate(String artifactId, String fileName) {
        return fileName.equals(artifactId + ".jar")
                ? artifactId
                : artifactId
                        + ":"
                        + fileName.substring(
                                artifactId.length() + 1, fileName.length() - ".jar".length());
    }
}
