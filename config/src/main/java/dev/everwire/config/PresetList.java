package dev.everwire.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the presets say. A base stands before those that change it. */
final class PresetList {
  private PresetList() {}

  static List<Preset> all() {
    return List.of(
        new Preset(
            Preset.DEVELOPMENT,
            "One's own machine: everybody who reaches it may do everything, all topics are open.",
            Preset.DEVELOPMENT,
            Map.of()),
        preset(
            Preset.PRODUCTION,
            "A server that others reach: nobody comes in without showing who it is, nothing is"
                + " allowed that no rule allows, and there are bounds. Say how to find out who"
                + " somebody is (auth) and which topics there are (topics).",
            Preset.DEVELOPMENT,
            """
            service.discovery=false
            limits.connections.perNode=50000
            limits.connections.ratePerNode=1000
            limits.connections.burstPerNode=2000
            limits.inbound.connection.messagesPerSecond=100
            limits.inbound.connection.messagesBurst=1000
            limits.memory.maxBytes=512MiB
            drain.within=30s
            auth.anonymous=false
            access.rules=[{actions: [administer], roles: [admin]}, \
            {actions: [call, subscribe, history, publish], users: ["*"]}]
            topics=[]
            admin.open=false
            """),
        preset(
            "testing",
            "Automatic tests: any free port, and everything that takes time takes little.",
            Preset.DEVELOPMENT,
            """
            listen.port=0
            listen.loops=2
            session.resumeWithin=10s
            session.resumeTokenLife=1m
            heartbeat.interval=1s
            heartbeat.timeout=1s
            limits.conversation.slowPeerAfter=2s
            limits.transport.closeTimeout=1s
            drain.within=1s
            drain.spread=100ms
            drain.jitter=0s
            drain.patience=200ms
            auth.within=2s
            auth.answerWithin=1s
            log.level=warn
            """),
        preset(
            "conservative",
            "Production where links are slow: a dead peer is found in at most 90 s.",
            Preset.PRODUCTION,
            """
            session.resumeWithin=5m
            heartbeat.interval=30s
            heartbeat.timeout=60s
            limits.conversation.slowPeerAfter=30s
            """),
        preset(
            "aggressive",
            "Production where dead peers must be found at once: in at most 15 s.",
            Preset.PRODUCTION,
            """
            session.resumeWithin=30s
            heartbeat.interval=5s
            heartbeat.timeout=10s
            limits.conversation.slowPeerAfter=5s
            drain.within=10s
            drain.spread=3s
            drain.patience=2s
            """),
        preset(
            "relaxed",
            "Production where traffic is dear: a dead peer is found in at most 3 min.",
            Preset.PRODUCTION,
            """
            session.resumeWithin=10m
            heartbeat.interval=60s
            heartbeat.timeout=120s
            limits.conversation.slowPeerAfter=60s
            drain.within=60s
            """),
        preset(
            "compatible-json-rpc",
            "The numbers of fastapi_websocket_rpc and its kin: 10 MiB messages, 1 000 calls and"
                + " 1 000 queued messages, three missed pings of half an interval. A heartbeat"
                + " cannot be off here, which it was unless said; response time-outs, retries and"
                + " reconnecting are options of a client.",
            Preset.PRODUCTION,
            """
            service.discloseErrors=false
            service.formerUtilities=true
            heartbeat.interval=30s
            heartbeat.timeout=10s
            heartbeat.misses=3
            heartbeat.mode=frame
            lifetime.idle=none
            lifetime.maxAge=none
            limits.connections.perNode=none
            limits.inbound.connection.messagesPerSecond=none
            limits.outbound.maxMessages=1000
            limits.conversation.maxPendingCalls=1000
            limits.transport.maxMessageBytes=10MiB
            compression.enabled=true
            compression.threshold=1KiB
            """),
        preset(
            "compatible-json-rpc-production",
            "As compatible-json-rpc with the numbers that it advised for production: connections"
                + " live an hour and are idle for at most 5 min, 500 calls wait.",
            "compatible-json-rpc",
            """
            lifetime.idle=5m
            lifetime.maxAge=1h
            limits.conversation.maxPendingCalls=500
            """),
        preset(
            "compatible-resilient-sender",
            "The numbers of a server that sends resiliently: 1 000 messages wait for each client,"
                + " the oldest makes room, and they are kept for 5 min; silence of 2 min ends a"
                + " connection; 1 000 connections, 10 of an address; 100 messages a second in all,"
                + " 10 of an address, 5 of a user. Its circuit breaker, retries and deduplication"
                + " belong to whoever sends; the bound of 24 calls in all has no option.",
            Preset.PRODUCTION,
            """
            session.resumeWithin=5m
            session.resumeTokenLife=1h
            heartbeat.interval=30s
            heartbeat.timeout=10s
            lifetime.idle=2m
            limits.connections.perNode=1000
            limits.connections.perAddress=10
            limits.inbound.connection.messagesPerSecond=none
            limits.inbound.user.messagesPerSecond=5
            limits.inbound.user.messagesBurst=50
            limits.inbound.address.messagesPerSecond=10
            limits.inbound.address.messagesBurst=100
            limits.inbound.node.messagesPerSecond=100
            limits.inbound.node.messagesBurst=1000
            limits.outbound.maxMessages=1000
            limits.outbound.overflow=dropOldest
            limits.conversation.maxConcurrentCalls=8
            limits.transport.maxMessageBytes=32MiB
            limits.transport.closeTimeout=1s
            drain.within=30s
            drain.flushShare=0.7
            drain.flushWithin=20s
            auth.within=15s
            """),
        preset(
            "compatible-rooms",
            "The numbers of a connection manager with rooms, roles and priorities: 10 000"
                + " connections, silence of 90 s ends one, 20 messages a second and 100 at once,"
                + " lanes of 1 000, 500, 200 and 100 messages, messages of 1 MiB, a second"
                + " connection of a client is refused. Roles from guest to system may hear the"
                + " rooms quote:*, policy:*, admin:*, analytics:*, notification:*, customer:*,"
                + " agent:* and broadcast:* as they could. Owners of rooms, grants that end and the"
                + " greatest number of participants have no option.",
            Preset.PRODUCTION,
            """
            session.resumeWithin=5m
            session.duplicateClient=rejectNew
            heartbeat.interval=30s
            heartbeat.timeout=20s
            heartbeat.misses=3
            limits.connections.perNode=10000
            limits.inbound.connection.messagesPerSecond=20
            limits.inbound.connection.messagesBurst=100
            limits.outbound.maxCritical=1000
            limits.outbound.maxHigh=500
            limits.outbound.maxNormal=200
            limits.outbound.maxLow=100
            limits.outbound.overflow=dropNewest
            limits.outbound.degradedAbove=0.7
            limits.transport.maxMessageBytes=1MiB
            access.rankedRoles=guest,customer,agent,supervisor,admin,system
            access.rules=[\
            {actions: [subscribe, history], resources: ["broadcast:*"], anyone: true}, \
            {actions: [subscribe, history], resources: ["quote:*", "policy:*", "notification:*"], \
            roles: [customer], permissions: [read]}, \
            {actions: [publish], resources: ["quote:*", "policy:*", "notification:*"], \
            roles: [customer], permissions: [read, write]}, \
            {actions: [subscribe, history, publish], resources: ["customer:*"], \
            roles: [customer], permissions: [read, write]}, \
            {actions: [subscribe, history], resources: ["analytics:*"], roles: [agent], \
            permissions: [read]}, \
            {actions: [publish], resources: ["analytics:*"], roles: [agent], \
            permissions: [read, write]}, \
            {actions: [subscribe, history, publish], resources: ["agent:*"], roles: [agent], \
            permissions: [read, write]}, \
            {actions: [subscribe, history, publish], resources: ["admin:*"], roles: [admin], \
            permissions: [read, admin]}, \
            {actions: [publish], resources: ["broadcast:*"], roles: [guest], permissions: [write]}, \
            {actions: [administer], roles: [admin]}, \
            {actions: [call], users: ["*"]}]
            topics=[{pattern: "*", publishable: true}]
            """),
        preset(
            "compatible-any-protocol-client",
            "A server with the numbers that a client of any protocol expected: a ping every 30 s"
                + " answered within 10 s, messages of 16 MiB, 1 000 calls that wait. What it could"
                + " set beyond that (reconnecting, buffers, time-outs) are options of a client.",
            Preset.PRODUCTION,
            """
            heartbeat.interval=30s
            heartbeat.timeout=10s
            heartbeat.misses=1
            heartbeat.mode=frame
            limits.conversation.maxPendingCalls=1000
            limits.transport.maxMessageBytes=16MiB
            """),
        preset(
            "compatible-stabiliser",
            "The numbers of a connection stabiliser: a ping every 30 s answered within 60 s,"
                + " messages of 1 MiB, tokens of an hour, no bound of connections or memory, 100"
                + " closes at once, the least recently used go first. Its shards and its bound of"
                + " broadcasts at once have no counterpart, and its JSON pings are messages here.",
            Preset.PRODUCTION,
            """
            session.resume=true
            session.resumeTokenLife=1h
            session.duplicateClient=replaceOld
            heartbeat.interval=30s
            heartbeat.timeout=60s
            heartbeat.misses=1
            limits.connections.perNode=none
            limits.inbound.connection.messagesPerSecond=none
            limits.memory.maxBytes=none
            limits.memory.maxBytesPerConnection=none
            limits.memory.eviction=lru
            limits.memory.lookEvery=60s
            limits.transport.maxMessageBytes=1MiB
            drain.closesAtOnce=100
            log.level=info
            compression.enabled=true
            """));
  }

  private static Preset preset(String name, String doc, String base, String lines) {
    Map<String, String> changes = new LinkedHashMap<>();
    lines
        .lines()
        .forEach(line -> {
          int at = line.indexOf('=');
          changes.put(line.substring(0, at), line.substring(at + 1));
        });
    return new Preset(name, doc, base, changes);
  }
}
