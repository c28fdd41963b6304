"""Reach 阅读量: how often the pages of items are called, without following anybody.

    the embedded server ──► counting (memory) ──► run/reach/*.json ──► the tick ─┐
    logs of nginx, Caddy ──► gongkai reach FILE ─────────────────────────────────┴► totals by day

Counted are calls of a page: no cookie is set, no address and no browser is stored, nobody is known
again. A sheet's QR code names the place where the sheet hangs, so calls from there are counted
apart. Nothing of it is public.
"""
