//! `#[db(…)]` attributes, laid out as rustfmt lays them out.
//!
//! rustfmt formats what consists of words, `name = literal` and `name(…)`, and leaves all else as it is written.

use super::literal;

/// The longest several arguments that stay on one line (rustfmt's `attr_fn_like_width`).
const ARGUMENTS: usize = 70;
/// The longest line.
const LINE: usize = 100;
const INDENT: &str = "    ";

/// One argument of `#[db(…)]`.
#[derive(Debug, Clone)]
pub(super) enum Argument {
    /// `id`
    Word(String),
    /// `table = "users"`
    Value(&'static str, String),
    /// `index(unique, name = "a")`
    List(&'static str, Vec<Argument>),
    /// What rustfmt does not read: `fk = User::id`
    Verbatim(String),
}

impl Argument {
    pub(super) fn word(word: &str) -> Self {
        Self::Word(word.to_owned())
    }

    pub(super) fn text(name: &'static str, value: &str) -> Self {
        Self::Value(name, literal::text(value))
    }

    fn is_read(&self) -> bool {
        match self {
            Self::Verbatim(_) => false,
            Self::List(_, inner) => inner.iter().all(Self::is_read),
            Self::Word(_) | Self::Value(..) => true,
        }
    }

    fn one_line(&self) -> String {
        match self {
            Self::Word(text) | Self::Verbatim(text) => text.clone(),
            Self::Value(name, value) => format!("{name} = {value}"),
            Self::List(name, inner) => format!("{name}({})", join(inner)),
        }
    }

    /// With a comma after it.
    fn layout(&self, indent: &str) -> String {
        let line = self.one_line();
        match self {
            Self::List(name, inner) if !stays(inner, indent.len() + width(&line) + 1) => {
                format!("{name}({})", vertical(inner, indent))
            }
            _ => line,
        }
    }
}

/// Of a text with lines only the first one counts.
fn width(text: &str) -> usize {
    text.lines().next().unwrap_or_default().chars().count()
}

/// Whether rustfmt leaves these arguments on a line that is so wide.
fn stays(arguments: &[Argument], line: usize) -> bool {
    fn narrow(arguments: &[Argument]) -> bool {
        let nested = |argument: &Argument| match argument {
            Argument::List(_, inner) => narrow(inner),
            _ => true,
        };
        (arguments.len() == 1 || width(&join(arguments)) <= ARGUMENTS) && arguments.iter().all(nested)
    }
    line <= LINE && narrow(arguments)
}

fn join(arguments: &[Argument]) -> String {
    arguments.iter().map(Argument::one_line).collect::<Vec<_>>().join(", ")
}

fn vertical(arguments: &[Argument], indent: &str) -> String {
    let inner = format!("{indent}{INDENT}");
    let lines: Vec<String> = arguments.iter().map(|argument| format!("{inner}{}", argument.layout(&inner))).collect();
    format!("\n{}\n{indent}", lines.join(",\n"))
}

/// The attributes for these arguments: as many on a line as fit.
pub(super) fn attributes(arguments: Vec<Argument>, indent: &str) -> String {
    let mut out = String::new();
    let mut line: Vec<Argument> = Vec::new();
    for argument in arguments {
        let alone = !argument.is_read() && !matches!(argument, Argument::Verbatim(_));
        let mut longer = line.clone();
        longer.push(argument.clone());
        if !line.is_empty() && (alone || join(&longer).chars().count() > ARGUMENTS) {
            out.push_str(&attribute(&line, indent));
            line.clear();
        }
        line.push(argument);
        if alone {
            out.push_str(&attribute(&line, indent));
            line.clear();
        }
    }
    if !line.is_empty() {
        out.push_str(&attribute(&line, indent));
    }
    out
}

fn attribute(arguments: &[Argument], indent: &str) -> String {
    let line = join(arguments);
    let whole = indent.len() + "#[db()]".len() + width(&line);
    let fits = stays(arguments, whole) || !arguments.iter().all(Argument::is_read);
    let inside = match arguments {
        _ if fits => line,
        [Argument::List(name, inner)] => format!("{name}({})", vertical(inner, indent)),
        _ => vertical(arguments, indent),
    };
    format!("{indent}#[db({inside})]\n")
}
