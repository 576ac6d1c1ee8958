package org.apache.flink.python.util;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PythonDependencyUtilsTest {

    private final Options options =
            new Options().addOption("pyfs", true, "").addOption("f", true, "");

    @Test
    void noPythonOptionGivesNoSettings() throws Exception {
        CommandLine line = new DefaultParser().parse(options, new String[] {"-f", "script.sql"});

        assertThat(PythonDependencyUtils.parsePythonDependencyConfiguration(line).toMap())
                .isEmpty();
    }

    @Test
    void pythonOptionIsRefused() throws Exception {
        CommandLine line = new DefaultParser().parse(options, new String[] {"-pyfs", "x.py"});

        assertThatThrownBy(() -> PythonDependencyUtils.parsePythonDependencyConfiguration(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Option -pyfs needs flink-python, which this distribution leaves out. Put flink-python-2.3.0.jar into lib/.");
    }
}
