package dev.culebra.experiments.prepare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A server of HTTP that answers each connection as the test says, also by breaking off. */
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;

    /** Answers one request; the connection is closed afterwards. */
    public interface Answer {
        /** Answers. */
        void to(String request, OutputStream out) throws Exception;
    }

    /** A server that answers so, one connection after another; the last answer goes on. */
    public ScriptedServer(Answer... answers) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = Thread.ofPlatform().daemon().start(() -> serve(answers));
    }

    /** A whole answer. */
    public static Answer of(int status, byte[] body, String... headers) {
        return cut(status, body, body.length, headers);
    }

    /** An answer that promises {@code body} and breaks off after some bytes of it. */
    static Answer cut(int status, byte[] body, int sent, String... headers) {
        return (_, out) -> {
            String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            out.write(("HTTP/1.1 " + status + " x\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n"
                    + lines + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, sent);
        };
    }

    private void serve(Answer[] answers) {
        for (int i = 0; !socket.isClosed(); i++) {
            Answer answer = answers[Math.min(i, answers.length - 1)];
            try {
                Socket connection = socket.accept();
                Thread.ofPlatform().daemon().start(() -> answer(connection, answer));
            } catch (IOException e) {
                // The server is closed.
            }
        }
    }

    private void answer(Socket connection, Answer answer) {
        try (connection) {
            String request = request(connection);
            requests.add(request);
            OutputStream out = connection.getOutputStream();
            answer.to(request, out);
            out.flush();
        } catch (Exception e) {
            // The client has gone.
        }
    }

    private static String request(Socket connection) throws IOException {
        BufferedReader reader = new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        StringBuilder request = new StringBuilder();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            request.append(line).append('\n');
        }
        return request.toString();
    }

    /** What was asked so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** An address of this server. */
    public URI address(String path) {
        return URI.create("http://localhost:" + socket.getLocalPort() + path);
    }

    @Override
    public void close() {
        try {
            socket.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
