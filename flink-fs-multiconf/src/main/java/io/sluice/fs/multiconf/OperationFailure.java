package io.sluice.fs.multiconf;

import io.sluice.fs.multiconf.Connection.NoConnectionException;
import org.jspecify.annotations.Nullable;

import javax.security.sasl.SaslException;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * What users are told when an operation fails for a reason that lies in the binding: its servers do
 * not answer, or do not know who it is. All else, such as a missing file, is passed on as it is.
 */
final class OperationFailure {

    private static final Pattern REFUSED =
            Pattern.compile(
                    "cannot authenticate via|Status Code: 40[13]\\b|InvalidAccessKeyId"
                            // Of a delegation token.
                            + "|(?i)token .*(has expired|is expired|can't be found in cache)");

    private final BindingSettings settings;
    private final URI target;

    /**
     * @param target of whom messages tell
     */
    OperationFailure(BindingSettings settings, URI target) {
        this.settings = settings;
        this.target = target;
    }

    /** Returns the failure as users are told of it. */
    IOException explained(IOException failure) {
        if (failure instanceof FileNotFoundException
                || failure instanceof EOFException
                || failure instanceof NoConnectionException) {
            return failure;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isUnreached(cause)) {
                return new IOException(
                        "Binding %s cannot reach %s: %s. See whether its servers run and can be reached from this machine, and %s."
                                .formatted(
                                        settings.name(),
                                        target,
                                        firstLine(cause),
                                        whereServersAre()),
                        failure);
            }
            if (isRefused(cause)) {
                return new IOException(
                        "Binding %s is refused by %s: %s. See %s."
                                .formatted(settings.name(), target, firstLine(cause), whoItIs()),
                        failure);
            }
        }
        return failure;
    }

    private static boolean isUnreached(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof SocketTimeoutException
                || cause instanceof NoRouteToHostException
                || cause instanceof UnknownHostException;
    }

    private static boolean isRefused(Throwable cause) {
        return cause instanceof SaslException
                || REFUSED.matcher(String.valueOf(cause.getMessage())).find();
    }

    private static String firstLine(Throwable cause) {
        @Nullable String message = cause.getMessage();
        return message == null
                ? cause.toString()
                : message.lines().findFirst().orElse("").replaceFirst("[.:]\\s*$", "");
    }

    private String whereServersAre() {
        return switch (settings.kind()) {
            case HADOOP -> settings.key(MultiConfOptions.HADOOP_CONF_DIR);
            case PLUGIN, LOCAL ->
                    "the endpoint below "
                            + settings.key(MultiConfOptions.CONF).replaceFirst("<.*", "");
        };
    }

    private String whoItIs() {
        return switch (settings.kind()) {
            case HADOOP ->
                    "%s%s and %s"
                            .formatted(
                                    settings.delegationTokens()
                                            ? "the JobManager's log, if this process has no keytab but delegation tokens of the JobManager, and "
                                            : "",
                                    settings.key(MultiConfOptions.PRINCIPAL),
                                    settings.key(MultiConfOptions.KEYTAB));
            case PLUGIN, LOCAL ->
                    "the keys in the file of %s"
                            .formatted(settings.key(MultiConfOptions.CONF_FILE));
        };
    }
}
