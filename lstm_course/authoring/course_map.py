"""The map on the start page: the lessons, part by part, and what each of them builds on."""

from matplotlib.patches import FancyBboxPatch

from lstm_course import lessons, plots

WIDTH, HEIGHT = 1.78, 0.66  # of a lesson's box, where a column is 2 wide and a row 1 high
NAMES = {"lstm_from_scratch": "from scratch", "vision_and_small_devices": "small devices", "beyond_lstm": "beyond"}


def places():
    """Where each lesson is drawn: the column says how many lessons have to come before it, the row belongs to its part.

    Returns
    -------
    dict of str to (int, int)
        Column and row, the first row at the top, for the number of each lesson.
    """
    column, taken, top, found = {}, {}, 0, {}
    for lesson in lessons.LESSONS:
        column[lesson.number] = max((column[before] + 1 for before in lesson.builds_on), default=0)
    for part in lessons.PARTS.values():
        inside = [lesson for lesson in lessons.LESSONS if lesson.part == part]
        for lesson in inside:
            at = column[lesson.number], part
            found[lesson.number] = column[lesson.number], top + taken.get(at, 0)
            taken[at] = taken.get(at, 0) + 1
        top += max((taken[column[lesson.number], part] for lesson in inside), default=0)
    return found


def arrows():
    """What builds on what, without the arrows that follow from others.

    Lesson 11 needs lesson 05, for example, but also lesson 06, which needs lesson 05 itself.

    Returns
    -------
    list of (str, str)
        The numbers of two lessons, the second of which needs the first.
    """
    needs = {lesson.number: set(lesson.builds_on) for lesson in lessons.LESSONS}

    def all_before(number):
        return needs[number].union(*(all_before(other) for other in needs[number]))

    return [
        (other, number)
        for number, before in needs.items()
        for other in sorted(before.difference(*(all_before(each) for each in before)))
    ]


def course_map():
    """Draw the map. The boxes with a thick frame are the route for one day.

    Returns
    -------
    lstm_course.plots.Picture
    """
    at, one_day = places(), lessons.ROUTES[0].numbers
    columns, rows = (max(each[k] for each in at.values()) + 1 for k in (0, 1))
    fig, (ax,) = plots.figure(11, 0.6 * rows + 0.4)
    ax.set(xlim=(-1.05, 2 * columns - 0.95), ylim=(rows - 0.35, -0.8))
    ax.axis("off")
    for before, number in arrows():
        (x0, y0), (x1, y1) = at[before], at[number]
        ends = (2 * x0 + WIDTH / 2, y0), (2 * x1 - WIDTH / 2, y1)
        style = dict(arrowstyle="-|>", color="#888888", shrinkA=0, shrinkB=0)
        ax.annotate("", ends[1], ends[0], arrowprops=style, zorder=0)
    for lesson in lessons.LESSONS:
        x, y = at[lesson.number]
        corner, thick = (2 * x - WIDTH / 2, y - HEIGHT / 2), lesson.number in one_day
        ax.add_patch(
            FancyBboxPatch(
                corner,
                WIDTH,
                HEIGHT,
                boxstyle="round,pad=0,rounding_size=0.1",
                facecolor="#f4f4f4" if not thick else "white",
                edgecolor=plots.TEXT,
                linewidth=2.2 if thick else 0.8,
            )
        )
        name = NAMES.get(lesson.slug, lesson.slug.replace("_", " "))
        ax.text(2 * x, y, f"{lesson.number}\n{name}", ha="center", va="center", fontsize=7.6, color=plots.TEXT)
    for part in lessons.PARTS.values():
        inside = [at[lesson.number] for lesson in lessons.LESSONS if lesson.part == part]
        if inside:
            x, y = min(inside, key=lambda place: (place[1], place[0]))
            ax.text(2 * x - WIDTH / 2, y - 0.37, part.upper(), fontsize=7.5, color="#666666", va="bottom")
    sentences = [
        f"{lesson.number} needs {' and '.join(b for b, n in arrows() if n == lesson.number)}"
        for lesson in lessons.LESSONS
        if lesson.builds_on
    ]
    alt = f"A map of the course. {'; '.join(sentences)}."
    return plots.Picture(plots.png(fig), alt, width=100 * fig.get_figwidth())
