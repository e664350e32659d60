"""Everything that touches the world: settings, the generated client, sockets, sleeping."""
