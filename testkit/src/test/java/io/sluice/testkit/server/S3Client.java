package io.sluice.testkit.server;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** Requests with a signature of version 4, without query parameters. */
final class S3Client {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;
    private final String accessKey;
    private final String secretKey;

    S3Client(URI endpoint, String accessKey, String secretKey) {
        this.endpoint = endpoint;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    HttpResponse<String> put(String path, String content) throws Exception {
        return http.send(
                request("PUT", path, content).timeout(DEADLINE).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(getRequest(path, DEADLINE), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends it on a connection of its own. */
    CompletableFuture<HttpResponse<String>> getLater(String path, Duration deadline)
            throws GeneralSecurityException {
        return HttpClient.newHttpClient()
                .sendAsync(getRequest(path, deadline), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest getRequest(String path, Duration deadline) throws GeneralSecurityException {
        return request("GET", path, "").timeout(deadline).build();
    }

    private HttpRequest.Builder request(String method, String path, String content)
            throws GeneralSecurityException {
        String time =
                ZonedDateTime.now(ZoneOffset.UTC)
                        .format(DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"));
        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        String hash = sha256(content);
        String canonical =
                "%s\n%s\n\nhost:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n\n%s\n%s"
                        .formatted(method, path, endpoint.getAuthority(), hash, time, SIGNED, hash);
        String toSign = "AWS4-HMAC-SHA256\n%s\n%s\n%s".formatted(time, scope, sha256(canonical));
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return HttpRequest.newBuilder(endpoint.resolve(path))
                .header("x-amz-content-sha256", hash)
                .header("x-amz-date", time)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                .formatted(
                                        accessKey,
                                        scope,
                                        SIGNED,
                                        HexFormat.of().formatHex(hmac(key, toSign))))
                .method(method, HttpRequest.BodyPublishers.ofString(content));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
