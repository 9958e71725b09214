package com.coupon.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpWireTest {

    private static final String WITH_LENGTH =
            "HTTP/1.1 409 \r\nContent-Type: text/plain\r\ncontent-LENGTH: 5\r\n\r\nhello";
    private static final String IN_CHUNKS =
            "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\nT: x\r\n\r\n";

    private final HttpWire wire = new HttpWire();

    private int read(String text) throws ProtocolException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return wire.read(bytes, 0, bytes.length);
    }

    @Test
    void aResponseEndsWhereItsLengthSays() throws ProtocolException {
        assertThat(read(WITH_LENGTH + "HTTP/1.1 ")).isEqualTo(WITH_LENGTH.length());
        assertThat(wire.status()).isEqualTo(409);
        assertThat(WITH_LENGTH.substring(wire.bodyFrom(), wire.bodyTo())).isEqualTo("hello");
        assertThat(wire.closes()).isFalse();
    }

    @Test
    void aResponseEndsAfterItsLastChunk() throws ProtocolException {
        assertThat(read(IN_CHUNKS + "x")).isEqualTo(IN_CHUNKS.length());
        assertThat(wire.status()).isEqualTo(201);
        assertThat(IN_CHUNKS.substring(wire.bodyFrom(), wire.bodyTo())).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH_LENGTH, IN_CHUNKS})
    void aResponseThatIsCutAnywhereIsNotOverYet(String whole) throws ProtocolException {
        for (int length = 0; length < whole.length(); length++) {
            assertThat(read(whole.substring(0, length))).as("%d bytes", length).isEqualTo(-1);
        }
    }

    @Test
    void aResponseMayHaveNoBody() throws ProtocolException {
        String empty = "HTTP/1.1 200\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n";
        assertThat(read(empty)).isEqualTo(empty.length());
        assertThat(wire.closes()).isTrue();
        assertThat(read("HTTP/1.1 204\r\n\r\n")).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 20\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n"
            })
    void whatIsNoSoundResponseIsNotCounted(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ProtocolException.class);
    }
}
