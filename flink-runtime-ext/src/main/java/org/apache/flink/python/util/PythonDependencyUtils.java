package org.apache.flink.python.util;

import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.Configuration;

import org.apache.commons.cli.CommandLine;

import java.util.Set;

/**
 * Shim: what the SQL client needs of flink-python to start without it.
 *
 * <p>Upstream: {@code CliOptionsParser} in Flink 2.3.0 looks this class up by name at every start,
 * whether Python is used or not, and fails if it is absent. Remove when: it is looked up only for
 * Python options.
 *
 * <p>Ships on the class path of the SQL client only, behind {@code lib/} and {@code opt/}: with the
 * real flink-python there, that one is found first.
 */
@Internal
public final class PythonDependencyUtils {

    private static final Set<String> PYTHON_OPTIONS =
            Set.of("pyfs", "pyreq", "pyarch", "pyexec", "pyclientexec", "pypath");

    private PythonDependencyUtils() {}

    /**
     * Returns no settings.
     *
     * @throws IllegalArgumentException if a Python option was given: it would be ignored otherwise
     */
    public static Configuration parsePythonDependencyConfiguration(CommandLine commandLine) {
        for (var option : commandLine.getOptions()) {
            if (PYTHON_OPTIONS.contains(String.valueOf(option.getOpt()))) {
                throw new IllegalArgumentException(
                        "Option -%s needs flink-python, which this distribution leaves out. Put flink-python-2.3.0.jar into lib/."
                                .formatted(option.getOpt()));
            }
        }
        return new Configuration();
    }
}
