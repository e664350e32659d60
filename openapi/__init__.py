"""The documents as package data: installed as ``cekura_client.openapi``, with ``cekura.yaml`` in it."""
