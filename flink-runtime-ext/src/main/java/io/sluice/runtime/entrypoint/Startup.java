package io.sluice.runtime.entrypoint;

import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.runtime.util.JvmShutdownSafeguard;
import org.apache.flink.runtime.util.SignalHandler;

import org.slf4j.Logger;

/** What every process does first. */
final class Startup {

    private Startup() {}

    static void begin(Logger log, String process, String[] args) {
        EnvironmentInformation.logEnvironmentInfo(log, process, args);
        SignalHandler.register(log);
        JvmShutdownSafeguard.installAsShutdownHook(log);
    }
}
