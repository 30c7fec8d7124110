# Runs the Autobahn TestSuite as its command wstest does, but listens on the loopback address, on a free port, and
# says which. Python 2.7, as the suite is.
import sys

from autobahntestsuite import wstest  # before anything of Twisted: it chooses the reactor
from twisted.internet import reactor
from twisted.web.server import Site

listen = reactor.listenTCP


def listen_on_loopback(port, factory, backlog=50, interface=''):
    listening = listen(0, factory, backlog, '127.0.0.1')
    if not isinstance(factory, Site):  # the other one is a page for people
        factory.externalPort = listening.getHost().port  # compared with the Host header
        print('listening on %d' % factory.externalPort)
        sys.stdout.flush()
    return listening


reactor.listenTCP = listen_on_loopback
wstest.run()
