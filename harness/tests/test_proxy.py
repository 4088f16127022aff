import pytest

from harness.http import Connection, request
from harness.proxy import Fault, Proxy
from harness.tests.test_http import answering

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"


class TestProxy:
    @pytest.mark.parametrize("fault", [Fault.CUT_AFTER_COMMIT, Fault.TRUNCATE])
    def test_server_answers_and_the_client_gets_none_or_half(self, fault):
        with answering(OK, OK) as port:
            proxy = Proxy(port)
            connection = Connection(proxy.port)
            assert connection.send(request("GET", "/")) == (200, b"body")
            proxy.faults = [fault]
            with pytest.raises(ConnectionError):
                connection.send(request("GET", "/"))
            connection.close()
            proxy.close()
        assert proxy.hits[fault] == 1
