"""``gongkai file``: close a disclosure and give it its 档号."""

import click

from gongkai.procedure.archive import workflow
from gongkai.procedure.publication.commands import ADDRESS, AS, found


@click.command()
@ADDRESS
@AS
def file(address: str, post: str) -> None:
    """File what stands at ADDRESS; the keeper writes the 件 into the archive."""
    disclosure, officer = found(address, post)
    filing = workflow.file(disclosure=disclosure, officer=officer)
    click.echo(f"{filing.file_number}  {filing.title}")
