package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.experiments.files.WholeFile;

/**
 * Fetches a file by HTTP. What has come lies in {@code FILE.part} until all is there and has the right checksum; a download
 * that broke off, now or in an earlier run of the program, goes on where it was, if the server still has the same file.
 */
public final class Download {
    private static final int ATTEMPTS = 5;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final URI source;
    private final Optional<Checksum> checksum;
    private final Path target;
    private final Path part;
    private final Path tag;
    private final DownloadOptions options;
    private final PreparationListener listener;

    /**
     * A download that is not started.
     *
     * @param source an address of http or https
     * @param checksum what the file must have; whatever comes is taken where that is not known
     * @param target where the file goes; its folder exists
     */
    public Download(URI source, Optional<Checksum> checksum, Path target, DownloadOptions options,
            PreparationListener listener) {
        if (source.getHost() == null || !("http".equals(source.getScheme()) || "https".equals(source.getScheme()))) {
            throw new BadInputException(source + " is no address of http or https");
        }
        this.source = source;
        this.checksum = checksum;
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.tag = target.resolveSibling(target.getFileName() + ".part.etag");
        this.options = options;
        this.listener = listener;
    }

    /** The server, or what is between, broke off: another attempt may help. */
    private static final class BrokenOff extends IOException {
        private static final long serialVersionUID = 1;

        BrokenOff(String message) {
            super(message);
        }
    }

    /**
     * Fetches the file, unless it is there already with the right checksum.
     *
     * @throws RunFailedException if it cannot be had
     * @throws InterruptedRunException if it is told to stop; what has come is kept
     */
    public void run() {
        try {
            if (checksum.isPresent() && Files.exists(target) && Checksum.of(target).equals(checksum.get())) {
                listener.note(target + " is there already");
                return;
            }
            try (HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(options.patience()).proxy(new EnvironmentProxies(System.getenv())).build()) {
                fetch(client);
            }
            accept();
        } catch (IOException e) {
            throw WholeFile.failure(part, e);
        }
    }

    private void fetch(HttpClient client) throws IOException {
        for (int attempt = 1;; attempt++) {
            long before = received();
            try {
                request(client, before);
                return;
            } catch (ConnectException | UnknownHostException | HttpConnectTimeoutException
                    | UnresolvedAddressException e) {
                throw unreachable(e);
            } catch (BrokenOff | InterruptedIOException e) {
                // Whoever makes progress may go on for as long as it takes.
                attempt = received() > before ? 1 : attempt;
                if (attempt >= ATTEMPTS) {
                    throw new RunFailedException("the download of " + source + " broke off " + attempt
                            + " times (" + e.getMessage()
                            + "); the same command goes on where it was, or name a copy on this "
                            + "machine with " + options.instead(), e);
                }
                listener.note("broke off (" + e.getMessage() + "), trying again");
                pause(attempt);
            }
        }
    }

    private RunFailedException unreachable(Exception cause) {
        return new RunFailedException(source.getHost() + " cannot be reached (" + cause.getClass().getSimpleName()
                + "): without a network, fetch " + source + " elsewhere and name the copy with " + options.instead()
                + "; behind a proxy, set HTTPS_PROXY", cause);
    }

    private long received() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private void request(HttpClient client, long have) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(source).timeout(options.patience())
                .header("User-Agent", "culebra");
        Optional<String> known = Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty();
        boolean resumes = have > 0 && known.isPresent();
        if (resumes) {
            request.header("Range", "bytes=" + have + "-").header("If-Range", known.get());
        }
        HttpResponse<InputStream> response = send(client, request.build());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case 200 -> receive(response, body, 0);
                case PARTIAL_CONTENT -> receive(response, body, have);
                case RANGE_NOT_SATISFIABLE -> {
                    forget();
                    throw new BrokenOff("the server does not go on where it was");
                }
                default -> refuse(response.statusCode());
            }
        }
    }

    private void refuse(int status) throws BrokenOff {
        if (status >= 500 || status == 429) {
            throw new BrokenOff("the server answered with status " + status);
        }
        throw new RunFailedException("the server answered with status " + status + " for " + source
                + "; name another address, or a copy on this machine with " + options.instead());
    }

    private HttpResponse<InputStream> send(HttpClient client, HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRunException("interrupted while downloading");
        } catch (ConnectException | UnknownHostException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            if (e.getCause() instanceof UnresolvedAddressException unresolved) {
                throw (IOException) new UnknownHostException(source.getHost()).initCause(unresolved);
            }
            throw new BrokenOff(String.valueOf(e.getMessage()));
        }
    }

    private void receive(HttpResponse<InputStream> response, InputStream body, long from) throws IOException {
        if (from == 0) {
            forget();
            Optional<String> etag = response.headers().firstValue("ETag").filter(value -> !value.startsWith("W/"));
            if (etag.isPresent()) {
                Files.writeString(tag, etag.get());
            }
        } else if (!response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + from + "-")) {
            forget();
            throw new BrokenOff("the server went on at another place");
        }
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Stall stall = new Stall(body, options.patience())) {
            copy(body, out, from, length < 0 ? -1 : from + length, stall);
        }
    }

    private void copy(InputStream body, OutputStream out, long from, long total, Stall stall) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long done = from;
        while (true) {
            int count = read(body, buffer, stall);
            if (count < 0) {
                break;
            }
            out.write(buffer, 0, count);
            done += count;
            listener.progress(String.valueOf(target.getFileName()), done, total);
            if (options.interruption().isRequested()) {
                throw new InterruptedRunException("interrupted after " + done + " bytes, which are kept");
            }
        }
        if (total >= 0 && done < total) {
            throw new BrokenOff("after " + done + " of " + total + " bytes");
        }
    }

    private static int read(InputStream body, byte[] buffer, Stall stall) throws BrokenOff {
        try {
            int count = body.read(buffer);
            stall.moved();
            return count;
        } catch (IOException e) {
            throw new BrokenOff(stall.happened() ? "nothing came any more" : String.valueOf(e.getMessage()));
        }
    }

    private void pause(int attempt) {
        Duration pause = options.pause().multipliedBy(attempt);
        long end = System.nanoTime() + pause.toNanos();
        try {
            while (System.nanoTime() < end) {
                if (options.interruption().isRequested()) {
                    throw new InterruptedRunException("interrupted while downloading; what has come is kept");
                }
                Thread.sleep(Math.min(100, pause.toMillis() + 1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRunException("interrupted while downloading; what has come is kept");
        }
    }

    private void accept() throws IOException {
        if (checksum.isPresent()) {
            Checksum found = Checksum.of(part);
            if (!found.equals(checksum.get())) {
                forget();
                throw new RunFailedException("what came from " + source + " is another file: its SHA-256 is " + found
                        + " instead of " + checksum.get() + "; name another address with --url, or say with --sha256 "
                        + "that this one is right");
            }
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(tag);
    }

    private void forget() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(tag);
    }
}
