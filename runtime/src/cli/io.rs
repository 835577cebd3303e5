//! Where the command line reads and writes, and what kind of thing is there.

use super::exit::items;
use super::output::style;
use super::visible::visible;
use std::io::{BufRead, IsTerminal, Write};

/// Input, output and errors: those of the process, or others.
pub struct Io<'a> {
    out: Box<dyn Write + 'a>,
    err: Box<dyn Write + 'a>,
    input: Box<dyn BufRead + 'a>,
    /// Output and errors are shown with colours.
    colours: (bool, bool),
    /// Somebody can be asked.
    interactive: bool,
    /// The output goes to a terminal.
    terminal: bool,
    /// Errors go to a terminal: progress can be shown.
    pub(super) live: bool,
    quiet: bool,
    /// It is silent because the output is JSON.
    json: bool,
}

impl std::fmt::Debug for Io<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Io").field("interactive", &self.interactive).field("live", &self.live).finish_non_exhaustive()
    }
}

impl<'a> Io<'a> {
    /// Of the process: colours and questions where there is a terminal.
    pub fn process() -> Io<'static> {
        let (out, err) = (std::io::stdout(), std::io::stderr());
        let (live, interactive) = (err.is_terminal(), std::io::stdin().is_terminal() && err.is_terminal());
        Io {
            colours: (wants_colour(out.is_terminal()), wants_colour(live)),
            terminal: out.is_terminal(),
            out: Box::new(out),
            err: Box::new(err),
            input: Box::new(std::io::BufReader::new(std::io::stdin())),
            interactive,
            live,
            quiet: false,
            json: false,
        }
    }

    /// Of anything else: no colours, no progress, nobody to ask.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write, input: &'a mut dyn BufRead) -> Self {
        Self {
            out: Box::new(out),
            err: Box::new(err),
            input: Box::new(input),
            colours: (false, false),
            interactive: false,
            terminal: false,
            live: false,
            quiet: false,
            json: false,
        }
    }

    /// Whether questions may be asked.
    pub fn interactive(mut self, interactive: bool) -> Self {
        self.interactive = interactive;
        self
    }

    /// Writes to the output.
    pub fn tell(&mut self, text: &str) {
        self.data(text);
    }

    /// Writes one line to the errors: `error: …`, without passwords.
    pub fn fail(&mut self, message: &str) {
        self.error(message);
    }

    pub(super) fn set_colour(&mut self, colour: Option<bool>) {
        if let Some(colour) = colour {
            self.colours = (colour, colour);
        }
    }

    pub(super) fn set_quiet(&mut self, quiet: bool, json: bool) {
        self.quiet = quiet || json;
        self.json = json;
        self.live &= !self.quiet;
    }

    pub(super) fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// What was asked for: goes to the output, quiet or not.
    pub(super) fn data(&mut self, text: &str) {
        let text = plain_unless(self.colours.0, text);
        // A reader that has gone away (`| head`) is no error.
        let _ = self.out.write_all(text.as_bytes());
    }

    /// What was asked for, to be read by a program: as it is, but for a terminal.
    pub(super) fn machine(&mut self, text: &str) {
        if self.terminal {
            self.data(text);
        } else {
            let _ = self.out.write_all(text.as_bytes());
        }
    }

    /// What the command tells of itself: nothing when quiet.
    pub(super) fn say(&mut self, text: &str) {
        if !self.quiet {
            self.data(text);
        }
    }

    /// What went wrong, where [`Io::say`] is silent because it was asked to be: then the program would fail without a word. A machine that
    /// reads JSON finds it there.
    pub(super) fn when_quiet(&mut self, text: &str) {
        if self.quiet && !self.json {
            let text = plain_unless(self.colours.1, text);
            let _ = self.err.write_all(text.as_bytes());
        }
    }

    /// A remark beside the output: nothing when quiet.
    pub(super) fn note(&mut self, text: &str) {
        if !self.quiet {
            let text = plain_unless(self.colours.1, text);
            let _ = self.err.write_all(text.as_bytes());
        }
    }

    /// One line: `error: …`.
    pub(super) fn error(&mut self, message: &str) {
        self.flush();
        let text = format!("{}{}\n", style::bad("error: "), items(message));
        let text = plain_unless(self.colours.1, &text);
        let _ = self.err.write_all(text.as_bytes());
        let _ = self.err.flush();
    }

    /// Asks a question that is answered by typing `yes`.
    pub(super) fn agrees(&mut self, question: &str) -> bool {
        self.flush();
        let text = plain_unless(self.colours.1, question);
        let _ = self.err.write_all(text.as_bytes());
        let _ = self.err.flush();
        let mut answer = String::new();
        let read = self.input.read_line(&mut answer);
        read.is_ok() && answer.trim().eq_ignore_ascii_case("yes")
    }

    pub(super) fn flush(&mut self) {
        let _ = self.out.flush();
        let _ = self.err.flush();
    }
}

/// The conventions of NO_COLOR, CLICOLOR_FORCE and TERM=dumb.
fn wants_colour(terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    if std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") {
        return true;
    }
    terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The text as it is shown: without what a terminal would obey, and without colours where there are none.
fn plain_unless(colour: bool, text: &str) -> String {
    let text = visible(text);
    if colour { text.into_owned() } else { anstream::adapter::strip_str(&text).to_string() }
}
