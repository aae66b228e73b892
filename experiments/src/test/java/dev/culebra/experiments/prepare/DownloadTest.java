package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.prepare.ScriptedServer.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DownloadTest {
    private static final byte[] CONTENT = new byte[300_000];
    private static final String ETAG = "ETag: \"one\"";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();
    private final List<Long> progress = new ArrayList<>();
    private Path target;
    private Checksum checksum;

    @BeforeEach
    void checksum() throws IOException {
        Path file = folder.resolve("content");
        Files.write(file, CONTENT);
        checksum = Checksum.of(file);
        Files.delete(file);
        target = folder.resolve("text.zip");
    }

    private Download download(URI source, DownloadOptions options) {
        return new Download(source, Optional.of(checksum), target, options, new PreparationListener() {
            @Override
            public void progress(String task, long done, long total) {
                progress.add(done);
                assertEquals(CONTENT.length, total);
            }

            @Override
            public void note(String sentence) {
                notes.add(sentence);
            }
        });
    }

    private static DownloadOptions patient() {
        return new DownloadOptions(PATIENCE, Duration.ofMillis(1), () -> false, "--copy");
    }

    private void assertWhole() throws IOException {
        assertArrayEquals(CONTENT, Files.readAllBytes(target));
        assertEquals(List.of(target), files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** The rest from some byte on, as a server says it that was asked for it. */
    private static Answer rest(int from) {
        byte[] rest = Arrays.copyOfRange(CONTENT, from, CONTENT.length);
        return ScriptedServer.of(206, rest, ETAG,
                "Content-Range: bytes " + from + "-" + (CONTENT.length - 1) + "/" + CONTENT.length);
    }

    @Test
    void aFileComesWholeAndIsNotFetchedTwice() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.of(200, CONTENT, ETAG))) {
            download(server.address("/a"), patient()).run();
            assertWhole();
            assertEquals(CONTENT.length, progress.getLast());
            download(server.address("/a"), patient()).run();
            assertEquals(List.of(target + " is there already"), notes);
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void whatBrokeOffGoesOnWhereItWas() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.cut(200, CONTENT, 100_000, ETAG),
                rest(100_000))) {
            download(server.address("/a"), patient()).run();
            assertWhole();
            assertTrue(server.requests().get(1).contains("Range: bytes=100000-\n"), server.requests().get(1));
            assertTrue(server.requests().get(1).contains("If-Range: \"one\"\n"), server.requests().get(1));
            assertTrue(notes.getFirst().startsWith("broke off ("), notes.getFirst());
        }
    }

    @Test
    void whatAnEarlierRunLeftIsGoneOnWith() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.cut(200, CONTENT, 100_000, ETAG),
                ScriptedServer.of(404, new byte[0]))) {
            assertThrows(RunFailedException.class, () -> download(server.address("/a"), patient()).run());
        }
        assertFalse(Files.exists(target));
        try (ScriptedServer server = new ScriptedServer(rest(100_000))) {
            download(server.address("/a"), patient()).run();
            assertWhole();
        }
    }

    /** The server sends the other file from its start, as If-Range asks it to. */
    @Test
    void aFileThatHasChangedMeanwhileBeginsAnew() throws IOException {
        byte[] other = new byte[1000];
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.cut(200, other, 500, "ETag: \"other\""),
                ScriptedServer.of(200, CONTENT, ETAG))) {
            assertArrayEquals(CONTENT, runWithoutTotal(server));
        }
    }

    private byte[] runWithoutTotal(ScriptedServer server) throws IOException {
        new Download(server.address("/a"), Optional.of(checksum), target, patient(), new PreparationListener() {
            @Override
            public void progress(String task, long done, long total) {}

            @Override
            public void note(String sentence) {}
        }).run();
        return Files.readAllBytes(target);
    }

    @Test
    void aServerThatGoesOnElsewhereIsNotBelieved() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.cut(200, CONTENT, 100_000, ETAG),
                rest(90_000), ScriptedServer.of(200, CONTENT, ETAG))) {
            download(server.address("/a"), patient()).run();
            assertWhole();
        }
    }

    @Test
    void aServerThatKnowsNoRangesSendsItAllAgain() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.cut(200, CONTENT, 100_000, ETAG),
                ScriptedServer.of(416, new byte[0]), ScriptedServer.of(200, CONTENT))) {
            download(server.address("/a"), patient()).run();
            assertWhole();
            assertFalse(server.requests().get(2).contains("Range"), server.requests().get(2));
        }
    }

    @Test
    void aWrongFileIsThrownAwayAndTold() throws IOException {
        byte[] wrong = CONTENT.clone();
        wrong[5]++;
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.of(200, wrong, ETAG))) {
            String message = assertThrows(RunFailedException.class,
                    () -> download(server.address("/a"), patient()).run()).getMessage();
            assertTrue(message.contains("is another file: its SHA-256 is "), message);
            assertTrue(message.contains(" instead of " + checksum), message);
        }
        assertEquals(List.of(), files());
    }

    @ParameterizedTest
    @CsvSource({"404, 1", "403, 1", "503, 5", "500, 5"})
    void aServerThatRefusesIsToldByItsStatus(int status, int attempts) throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.of(status, "no".getBytes()))) {
            String message = assertThrows(RunFailedException.class,
                    () -> download(server.address("/a"), patient()).run()).getMessage();
            assertTrue(message.contains("the server answered with status " + status), message);
            assertTrue(message.contains("--copy"), message);
            assertEquals(attempts, server.requests().size());
        }
        assertEquals(List.of(), files());
    }

    @Test
    void aServerThatFallsSilentIsLeft() throws IOException {
        Answer silent = (_, out) -> {
            ScriptedServer.cut(200, CONTENT, 1000, ETAG).to("", out);
            out.flush();
            Thread.sleep(3000);
        };
        try (ScriptedServer server = new ScriptedServer(silent, rest(1000))) {
            download(server.address("/a"),
                    new DownloadOptions(Duration.ofMillis(500), Duration.ofMillis(1), () -> false, "--copy"))
                    .run();
            assertWhole();
            assertEquals("broke off (nothing came any more), trying again", notes.getFirst());
        }
    }

    @Test
    void aRedirectionIsFollowed() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.of(302, new byte[0], "Location: /b"),
                ScriptedServer.of(200, CONTENT))) {
            download(server.address("/a"), patient()).run();
            assertWhole();
            assertTrue(server.requests().get(1).startsWith("GET /b "), server.requests().get(1));
        }
    }

    @Test
    void withoutANetworkItSaysWhatToDo() throws IOException {
        URI nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = URI.create("http://localhost:" + free.getLocalPort() + "/a");
        }
        String message = assertThrows(RunFailedException.class, () -> download(nobody, patient()).run()).getMessage();
        assertTrue(message.startsWith("localhost cannot be reached (ConnectException): without a network, fetch "),
                message);
    }

    @Test
    void anInterruptedDownloadKeepsWhatCame() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.of(200, CONTENT, ETAG))) {
            DownloadOptions interrupted = new DownloadOptions(PATIENCE, Duration.ofMillis(1),
                    () -> !progress.isEmpty() && progress.getLast() > 50_000, "--copy");
            assertThrows(InterruptedRunException.class, () -> download(server.address("/a"), interrupted).run());
        }
        int kept = Math.toIntExact(Files.size(folder.resolve("text.zip.part")));
        assertTrue(kept > 50_000 && kept <= CONTENT.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://localhost/a", "file:///tmp/a", "text.zip", "http:///a"})
    void whatIsNoAddressIsRefused(String address) {
        assertThrows(BadInputException.class, () -> download(URI.create(address), patient()));
    }

    @Test
    void proxiesOfTheEnvironmentAreTaken() {
        EnvironmentProxies proxies = new EnvironmentProxies(Map.of("HTTPS_PROXY", "http://proxy.example:3128",
                "http_proxy", "other.example", "no_proxy", "localhost, .inner.example"));
        assertEquals("HTTP @ proxy.example/<unresolved>:3128",
                proxies.select(URI.create("https://x.example/")).getFirst().toString());
        assertEquals("HTTP @ other.example/<unresolved>:1080",
                proxies.select(URI.create("http://x.example/")).getFirst().toString());
        for (String direct : List.of("https://localhost/", "https://inner.example/", "https://a.inner.example/")) {
            assertEquals("DIRECT", proxies.select(URI.create(direct)).getFirst().toString());
        }
    }

    /** A proxy is asked for the whole address. */
    @Test
    void aProxyOfJavaIsAsked() throws IOException {
        try (ScriptedServer proxy = new ScriptedServer(ScriptedServer.of(200, CONTENT))) {
            System.setProperty("http.proxyHost", "localhost");
            System.setProperty("http.proxyPort", String.valueOf(proxy.address("").getPort()));
            try {
                download(URI.create("http://text.example/a"), patient()).run();
            } finally {
                System.clearProperty("http.proxyHost");
                System.clearProperty("http.proxyPort");
            }
            assertWhole();
            assertTrue(proxy.requests().getFirst().startsWith("GET http://text.example/a "),
                    proxy.requests().getFirst());
        }
    }
}
