//! Conditions of views: `User::tier == "premium" && !User::closed`, read as Rust expressions and by nobody else.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, ExprMethodCall, Ident, Lit, LitStr, UnOp};

use super::default::{float, integer};
use super::entry::{Entry, items};
use super::source_column::{SourceColumn, is_upper};
use super::suggest::{closest, list};
use crate::context::Context;

/// Where a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clause {
    On,
    Filter,
    Having,
}

/// A condition.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// The operator is the name of a `Comparison`.
    Compare(Operand, &'static str, Operand),
    IsNull(Operand),
    IsSome(Operand),
    In(Operand, Vec<Operand>),
    Like(Operand, LitStr),
    Between(Operand, Operand, Operand),
    Holds(Operand),
}

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Column(SourceColumn),
    /// A field of the view itself.
    Own(Ident),
    Literal(Span, Literal),
}

impl Operand {
    /// The token that errors point at.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Column(column) => column.span(),
            Self::Own(name) => name.span(),
            Self::Literal(span, _) => *span,
        }
    }
}

/// A literal.
#[derive(Debug, Clone)]
pub(crate) enum Literal {
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
}

const METHODS: &[&str] = &["is_null", "is_some", "in_", "like", "between"];
/// What these are called here.
const CALLED: &[(&[&str], &str)] = &[
    (&["is_none"], "is_null"),
    (&["is_not_null", "not_null"], "is_some"),
    (&["is_in", "one_of", "contains", "any"], "in_"),
    (&["starts_with", "ends_with", "ilike", "matches"], "like"),
];

impl Clause {
    fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Filter => "filter",
            Self::Having => "having",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::On => "on(Project::id == Task::project_id)",
            Self::Filter => "filter(User::tier == \"premium\")",
            Self::Having => "having(total > 100)",
        }
    }
}

/// Reads `filter(..)`, `having(..)` or `on(..)`.
pub(super) fn condition(cx: &Context, clause: Clause, entry: &Entry) -> Option<Condition> {
    let tokens = entry.list(cx, clause.example())?;
    match &items(tokens.clone())[..] {
        [] => {
            cx.error(entry.name.span(), format!("`{}` needs a condition: `{}`", entry.name, clause.example()));
            None
        }
        [_] => {
            let expr = cx.ok(syn::parse2::<Expr>(tokens))?;
            Reader { cx, clause }.condition(&expr)
        }
        [_, second, ..] => {
            cx.error_at(second, format!("`{}` takes one condition: join several by `&&` or `||`", entry.name));
            None
        }
    }
}

struct Reader<'a> {
    cx: &'a Context,
    clause: Clause,
}

impl Reader<'_> {
    fn wrong<T>(&self, tokens: impl ToTokens, message: impl std::fmt::Display) -> Option<T> {
        self.cx.error_at(tokens, message);
        None
    }

    fn condition(&self, expr: &Expr) -> Option<Condition> {
        match expr {
            Expr::Paren(inner) => self.condition(&inner.expr),
            Expr::Group(inner) => self.condition(&inner.expr),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                Some(Condition::Not(Box::new(self.condition(&unary.expr)?)))
            }
            Expr::Binary(binary) => self.binary(binary),
            Expr::MethodCall(call) => self.method(call),
            Expr::Path(_) | Expr::Field(_) => Some(Condition::Holds(self.operand(expr)?)),
            Expr::Assign(assign) => {
                self.wrong(assign.eq_token, "`=` sets a value, and a condition sets none: compare with `==`")
            }
            Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => self
                .wrong(literal, format!("a condition is a Rust expression, not a string: `{}`", self.clause.example())),
            Expr::Lit(literal) if matches!(literal.lit, Lit::Bool(_)) => {
                self.wrong(literal, "a condition compares columns: this one would always say the same")
            }
            _ => self.wrong(
                expr,
                "a condition is made of comparisons, `&&`, `||`, `!`, `.is_null()`, `.is_some()`, `.in_([..])`, \
                 `.like(\"…\")` and `.between(a, b)`; for anything else give the view as `sql = \"SELECT …\"`",
            ),
        }
    }

    fn binary(&self, binary: &ExprBinary) -> Option<Condition> {
        let op = match binary.op {
            BinOp::And(_) | BinOp::Or(_) => {
                // Both sides are read before either is given up: all errors at once.
                let (left, right) = (self.condition(&binary.left), self.condition(&binary.right));
                let is_and = matches!(binary.op, BinOp::And(_));
                let mut parts = Vec::new();
                for part in [left?, right?] {
                    match part {
                        Condition::All(inner) if is_and => parts.extend(inner),
                        Condition::Any(inner) if !is_and => parts.extend(inner),
                        part => parts.push(part),
                    }
                }
                return Some(if is_and { Condition::All(parts) } else { Condition::Any(parts) });
            }
            BinOp::Eq(_) => "Eq",
            BinOp::Ne(_) => "Ne",
            BinOp::Lt(_) => "Lt",
            BinOp::Le(_) => "Le",
            BinOp::Gt(_) => "Gt",
            BinOp::Ge(_) => "Ge",
            BinOp::BitAnd(token) => return self.wrong(token, "conditions are joined by `&&`"),
            BinOp::BitOr(token) => return self.wrong(token, "conditions are joined by `||`"),
            _ => return self.computes(binary),
        };
        if let Some(none) = [&binary.left, &binary.right].into_iter().find(|side| is_word(side, "None")) {
            let method = if op == "Ne" { "is_some" } else { "is_null" };
            return self.wrong(none, format!("nothing is equal to NULL: ask with `.{method}()`"));
        }
        let (left, right) = (self.operand(&binary.left), self.operand(&binary.right));
        let (left, right) = (left?, right?);
        if matches!((&left, &right), (Operand::Literal(..), Operand::Literal(..))) {
            return self.wrong(binary, "one side of a comparison is a column");
        }
        Some(Condition::Compare(left, op, right))
    }

    fn method(&self, call: &ExprMethodCall) -> Option<Condition> {
        let name = call.method.to_string();
        let arguments = || call.args.iter();
        let count = |expected: usize, example: &str| {
            let fits = call.args.len() == expected;
            if !fits {
                self.cx.error(call.method.span(), format!("this is written `{example}`"));
            }
            fits.then_some(())
        };
        match name.as_str() {
            "is_null" => {
                count(0, ".is_null()")?;
                Some(Condition::IsNull(self.asked(&call.receiver)?))
            }
            "is_some" => {
                count(0, ".is_some()")?;
                Some(Condition::IsSome(self.asked(&call.receiver)?))
            }
            "in_" => {
                count(1, ".in_([1, 2])")?;
                let value = self.asked(&call.receiver);
                let list = self.list(arguments().next()?);
                Some(Condition::In(value?, list?))
            }
            "like" => {
                count(1, ".like(\"a%\")")?;
                let value = self.asked(&call.receiver);
                let pattern = self.pattern(arguments().next()?);
                Some(Condition::Like(value?, pattern?))
            }
            "between" => {
                count(2, ".between(1, 10)")?;
                let value = self.asked(&call.receiver);
                let ends: Vec<Option<Operand>> = arguments().map(|end| self.operand(end)).collect();
                let [low, high] = <[_; 2]>::try_from(ends).ok()?;
                Some(Condition::Between(value?, low?, high?))
            }
            _ => {
                let called = CALLED.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, here)| *here);
                let near = called.or_else(|| closest(&name, METHODS.iter().copied()));
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                self.wrong(
                    &call.method,
                    format!("conditions have no method `{name}`{hint} (expected {})", list(METHODS)),
                )
            }
        }
    }

    /// What a method is called on: a column.
    fn asked(&self, expr: &Expr) -> Option<Operand> {
        match self.operand(expr)? {
            Operand::Literal(..) => self.wrong(expr, "this is asked of a column"),
            operand => Some(operand),
        }
    }

    fn list(&self, expr: &Expr) -> Option<Vec<Operand>> {
        let Expr::Array(array) = expr else {
            return self.wrong(expr, "a list is written in brackets: `.in_([1, 2])`");
        };
        if array.elems.is_empty() {
            return self.wrong(expr, "nothing is in an empty list");
        }
        let values: Vec<Option<Operand>> = array
            .elems
            .iter()
            .map(|value| match self.operand(value)? {
                literal @ Operand::Literal(..) => Some(literal),
                _ => self.wrong(value, "a list holds literals; compare with a column by `==`"),
            })
            .collect();
        values.into_iter().collect()
    }

    fn pattern(&self, expr: &Expr) -> Option<LitStr> {
        let Expr::Lit(syn::ExprLit { lit: Lit::Str(pattern), .. }) = expr else {
            return self.wrong(expr, "a pattern is a string: `.like(\"a%\")`");
        };
        self.text(pattern)?;
        if pattern.value().bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1 {
            return self.wrong(pattern, "`\\` takes the meaning from what follows it, and nothing does: double it");
        }
        Some(pattern.clone())
    }

    fn operand(&self, expr: &Expr) -> Option<Operand> {
        match expr {
            Expr::Paren(inner) => self.operand(&inner.expr),
            Expr::Group(inner) => self.operand(&inner.expr),
            Expr::Lit(literal) => self.literal(literal.span(), &literal.lit, false),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match &*unary.expr {
                Expr::Lit(literal) => self.literal(unary.span(), &literal.lit, true),
                _ => self.computes(expr),
            },
            Expr::Path(_) | Expr::Field(_) => self.column(expr),
            Expr::Call(call) if is_word(&call.func, "Some") => {
                self.wrong(call, "compare with the value itself, without `Some`")
            }
            _ => self.computes(expr),
        }
    }

    fn column(&self, expr: &Expr) -> Option<Operand> {
        let clause = self.clause.word();
        if let Expr::Path(path) = expr
            && let Some(name) = path.path.get_ident()
        {
            return match self.clause {
                Clause::Having if !is_upper(name) => Some(Operand::Own(name.clone())),
                _ if is_upper(name) => {
                    self.wrong(name, format!("`{name}` is no column: write the type and the field, as in `User::tier`"))
                }
                _ => self.wrong(name, format!("in `{clause}` a column is written with its type: `User::{name}`")),
            };
        }
        let Some(column) = SourceColumn::of(expr) else { return self.computes(expr) };
        if let [last] = &column.column.0[..]
            && is_upper(last)
        {
            return self.wrong(
                expr,
                format!(
                    "`{last}` is no column: write the value of an enum as the text that is stored, and that of a constant itself"
                ),
            );
        }
        if self.clause == Clause::Having {
            let last = column.column.0.last()?;
            return self.wrong(
                expr,
                format!("`having` names the view's own fields, as in `{last} > 100`; rows are for `filter`"),
            );
        }
        Some(Operand::Column(column))
    }

    fn literal(&self, span: Span, literal: &Lit, negative: bool) -> Option<Operand> {
        let value = match literal {
            Lit::Int(int) => match integer(self.cx, int, negative)? {
                super::Default::Int(value) => Literal::Int(value),
                _ => return None,
            },
            Lit::Float(number) => match float(self.cx, number, negative)? {
                super::Default::Float(value) => Literal::Float(value),
                _ => return None,
            },
            Lit::Str(text) if !negative => Literal::Text(self.text(text)?),
            Lit::Char(letter) if !negative && letter.value() != '\0' => Literal::Text(letter.value().to_string()),
            Lit::Bool(truth) if !negative => Literal::Bool(truth.value),
            _ => return self.wrong(literal, "a value in a condition is a text, a number, `true` or `false`"),
        };
        Some(Operand::Literal(span, value))
    }

    fn text(&self, text: &LitStr) -> Option<String> {
        if text.value().contains('\0') {
            return self.wrong(text, "a text must not contain a NUL character");
        }
        Some(text.value())
    }

    fn computes<T>(&self, tokens: impl ToTokens) -> Option<T> {
        self.wrong(
            tokens,
            "a condition compares columns and literals; for what has to be computed give the view as `sql = \"SELECT …\"`",
        )
    }
}

fn is_word(expr: &Expr, word: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(word))
}

impl Condition {
    /// All values in it.
    pub(crate) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::operands).collect(),
            Self::Not(part) => part.operands(),
            Self::Compare(left, _, right) => vec![left, right],
            Self::IsNull(value) | Self::IsSome(value) | Self::Like(value, _) | Self::Holds(value) => vec![value],
            Self::In(value, list) => std::iter::once(value).chain(list).collect(),
            Self::Between(value, low, high) => vec![value, low, high],
        }
    }
}
