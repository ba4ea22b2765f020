"""What axe-core, the usual auditor of web pages, has against a page."""

from importlib.resources import files

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def findings(page, include=("html",)):
    """What it calls serious or critical in parts of a page, a sentence each."""
    page.evaluate(AXE)
    return page.evaluate(
        """async include => (await axe.run({ include: include.map(each => [each]) }, { resultTypes: ["violations"] }))
            .violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
            .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.failureSummary} ${node.html}`))""",
        list(include),
    )
