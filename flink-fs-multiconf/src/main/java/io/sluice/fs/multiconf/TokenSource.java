package io.sluice.fs.multiconf;

import java.io.IOException;
import java.util.List;

/** A backend whose servers make delegation tokens for whoever has logged in. */
public interface TokenSource {

    /**
     * Gets a new token of each server, also of a key management server that it names. May take as
     * long as servers do not answer.
     *
     * @throws IOException if one of them gives none
     */
    ObtainedTokens obtainTokens(List<String> authorities) throws IOException;
}
