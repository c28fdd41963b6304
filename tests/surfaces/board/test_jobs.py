"""What the keeper's steps leave in the folder."""

from .conftest import address, pages

A = address(1)


def test_a_public_release_has_its_page_in_both_languages(qingxi_board):
    qingxi_board.release(A)
    qingxi_board.go()
    page = qingxi_board.page(f"i/{A}.html")
    assert "<!--sealed--><p>第一批52处，2027年9月底前完工。</p><!--/sealed-->" in page
    assert qingxi_board.has(f"en/i/{A}.html")
