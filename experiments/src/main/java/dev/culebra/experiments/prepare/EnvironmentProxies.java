package dev.culebra.experiments.prepare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.failure.BadInputException;

/**
 * The proxies that the environment names, as curl takes them: {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and
 * {@code no_proxy}, in either case. Without them Java's own settings hold ({@code -Dhttps.proxyHost}).
 */
final class EnvironmentProxies extends ProxySelector {
    private static final int DEFAULT_PORT = 1080;

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<String> named = value(uri.getScheme() + "_proxy").or(() -> value("all_proxy"));
        if (named.isEmpty()) {
            return Optional.ofNullable(ProxySelector.getDefault()).map(system -> system.select(uri))
                    .orElse(List.of(Proxy.NO_PROXY));
        }
        return isExcepted(uri.getHost()) ? List.of(Proxy.NO_PROXY) : List.of(proxy(named.get()));
    }

    private Optional<String> value(String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT)).map(environment::get)
                .filter(value -> value != null && !value.isBlank()).findFirst();
    }

    private static Proxy proxy(String address) {
        try {
            URI uri = URI.create(address.contains("://") ? address : "http://" + address);
            int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
            return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
        } catch (IllegalArgumentException e) {
            throw new BadInputException("the environment names '" + address + "' as a proxy, which is no address", e);
        }
    }

    private boolean isExcepted(String host) {
        return value("no_proxy").stream().flatMap(list -> Stream.of(list.split(","))).map(String::strip)
                .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry).filter(entry -> !entry.isEmpty())
                .anyMatch(entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request fails, and says so.
    }
}
