package io.sluice.fs.multiconf.hadoop;

import org.apache.flink.configuration.SecurityOptions;

import io.sluice.fs.multiconf.BindingSettings;
import io.sluice.fs.multiconf.BindingSettings.Identity;
import io.sluice.fs.multiconf.MultiConfOptions;
import io.sluice.fs.multiconf.ReceivedTokens;
import io.sluice.fs.multiconf.TokenBytes;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.SaslRpcServer.AuthMethod;
import org.apache.hadoop.security.UserGroupInformation;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The user of a binding who has no keytab, but delegation tokens that the JobManager sends. */
final class TokenUser {

    private TokenUser() {}

    /**
     * Makes one with the tokens that have arrived. Those that come later take their place.
     *
     * @throws IOException if none have arrived
     */
    static UserGroupInformation of(BindingSettings settings) throws IOException {
        Identity identity = settings.identity();
        String name =
                Objects.requireNonNullElse(
                        identity.proxyUser(), Objects.requireNonNull(identity.principal()));
        UserGroupInformation user = UserGroupInformation.createRemoteUser(name, AuthMethod.TOKEN);
        if (!ReceivedTokens.of(settings.name()).handTo(tokens -> add(tokens, user))) {
            throw new IOException(
                    "there is no keytab '%s' to log in with, and no delegation tokens have arrived. If this is a TaskManager, see the JobManager's log for why it has none for this binding, and whether %s is set there. Only TaskManagers get tokens: any other process needs the file of %s."
                            .formatted(
                                    identity.keytab(),
                                    SecurityOptions.DELEGATION_TOKENS_ENABLED.key(),
                                    settings.key(MultiConfOptions.KEYTAB)));
        }
        return user;
    }

    /**
     * One by one: clients of a nameservice have copies of its token for each NameNode, and only
     * this way they are replaced with it.
     */
    private static void add(TokenBytes tokens, UserGroupInformation user) {
        Credentials credentials = new Credentials();
        try {
            credentials.readTokenStorageStream(
                    new DataInputStream(new ByteArrayInputStream(tokens.copy())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        credentials.getTokenMap().forEach(user::addToken);
    }

    /**
     * Checks that there is a token of the server, if one is enough.
     *
     * @throws IOException if not
     */
    static void requireToken(UserGroupInformation user, FileSystem client, BindingSettings settings)
            throws IOException {
        String service = client.getCanonicalServiceName();
        if (service != null && user.getCredentials().getToken(new Text(service)) == null) {
            throw new IOException(
                    "there is no keytab '%s' to log in with, and the delegation tokens that have arrived are not of %s. Add its authority to %s."
                            .formatted(
                                    settings.identity().keytab(),
                                    client.getUri(),
                                    settings.key(MultiConfOptions.TOKEN_AUTHORITIES)));
        }
    }
}
