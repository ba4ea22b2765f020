"""Small changes to a program that a learner could make by mistake."""

import ast
import copy
import random

OTHER_OPERATOR = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
}


def mutants(source, name, name_swaps):
    """Programs that differ from `source` in one place within the function called `name`.

    Yields pairs of a description, which names the place, and the program's text. All changes of operators, constants,
    calls, slices and statements are made; of the very many ways to take one name for another, `name_swaps` are drawn.
    What is the same program again, such as 0.0 doubled, is left out.
    """
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    if isinstance(function.body[0], ast.Expr):  # the docstring
        del function.body[0]
    local = sorted(
        {argument.arg for argument in function.args.args}
        | {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    )
    lists = set(_lists(function))  # a list that contains itself never ends
    local = [each for each in local if each not in lists]
    changes, swaps = [], []
    for place, node in enumerate(ast.walk(function)):
        changes += [(place, new) for new in _changed(node)]
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in local:
            swaps += [(place, ast.Name(other, ast.Load())) for other in local if other != node.id]
    unchanged = ast.unparse(tree)
    swaps = random.Random(0).sample(swaps, min(name_swaps, len(swaps)))
    for place, new in changes + swaps:
        mutant = copy.deepcopy(tree)
        (in_mutant,) = (node for node in mutant.body if getattr(node, "name", None) == name)
        old = list(ast.walk(in_mutant))[place]
        new = ast.fix_missing_locations(ast.copy_location(copy.deepcopy(new), old))
        place = f"line {old.lineno}, column {old.col_offset + 1}"
        described = f"{place}: {ast.unparse(old)} -> {ast.unparse(new)}"
        text = ast.unparse(_Replace(old, new).visit(mutant))
        if text != unchanged:
            yield described, text


def _lists(function):
    """Names that are first assigned a list."""
    for node in ast.walk(function):
        match node:
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
                pairs = zip(targets, values, strict=False)  # a starred target takes any number
            case ast.Assign([target], value):
                pairs = [(target, value)]
            case _:
                continue
        for target, value in pairs:
            if any(isinstance(part, ast.List) for part in ast.walk(value)) and isinstance(target, ast.Name):
                yield target.id


class _Replace(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def _changed(node):
    """Nodes that could replace `node`."""
    match node:
        case ast.BinOp(left, operator, right):
            if type(operator) in OTHER_OPERATOR:
                yield ast.BinOp(left, OTHER_OPERATOR[type(operator)](), right)
            if isinstance(operator, (ast.Sub, ast.Div, ast.MatMult)):
                yield ast.BinOp(right, operator, left)
            yield left
            yield right
        case ast.UnaryOp(ast.USub(), operand):
            yield operand
        case ast.Call(_, [argument], []) if not isinstance(argument, ast.GeneratorExp):
            yield argument  # a tanh left out, a loop that runs forwards
        case ast.Call(ast.Attribute(value, "sum"), arguments, keywords):
            yield ast.Call(ast.Attribute(value, "mean", ast.Load()), arguments, keywords)
        case ast.keyword("axis", ast.Constant(axis)):
            yield ast.keyword("axis", ast.Constant(1 - axis))
        case ast.Constant(bool() | str() | None):
            return
        case ast.Constant(int(number)):
            yield ast.Constant(number + 1)
            if 0 < number < 5:
                yield ast.Constant(number - 1)
        case ast.Constant(float(number)):
            yield ast.Constant(2 * number)
            yield ast.Constant(-number)
        case ast.Attribute(value, "T"):
            yield value
        case ast.Slice(lower, upper) if lower or upper:
            yield ast.Slice(upper, lower)
        case ast.Tuple([first, second, *others], ast.Load()):
            yield ast.Tuple([second, first, *others], ast.Load())
        case ast.AugAssign(target, _, value):
            yield ast.Assign([target], value)
            yield ast.Pass()
        case ast.Assign():
            yield ast.Pass()
