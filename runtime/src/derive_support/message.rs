//! Sentences put together while the user's crate is compiled: `format!` for `const` code.

const CAPACITY: usize = 1024;

/// A sentence in the making. What does not fit is cut.
pub(super) struct Message {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Message {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; CAPACITY], len: 0 }
    }

    /// Adds a text, whole or, when it does not fit, not at all: the sentence stays valid UTF-8.
    pub(super) const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        if self.len + text.len() <= CAPACITY {
            let mut i = 0;
            while i < text.len() {
                self.bytes[self.len] = text[i];
                self.len += 1;
                i += 1;
            }
        }
        self
    }

    /// Adds a text in backticks.
    pub(super) const fn code(self, text: &str) -> Self {
        self.text("`").text(text).text("`")
    }

    /// Adds a number.
    pub(super) const fn number(self, number: i128) -> Self {
        let mut digits = [0_u8; 40];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        match std::str::from_utf8(digits.split_at(at).1) {
            Ok(text) => self.text(text),
            Err(_) => self,
        }
    }

    /// Adds texts in backticks with commas between them.
    pub(super) const fn list(mut self, items: &[&str]) -> Self {
        let mut i = 0;
        while i < items.len() {
            if i > 0 {
                self = self.text(", ");
            }
            self = self.code(items[i]);
            i += 1;
        }
        self
    }

    /// Stops the compilation with this sentence, at the token that the caller's call is spanned at.
    #[track_caller]
    pub(super) const fn fail(self) -> ! {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("the attributes of this model are not right"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Message = Message::new().code("User::age").text(" is ").number(-120).text(" or ").list(&["a", "b"]);

    #[test]
    fn a_message_is_put_together_at_compile_time() {
        assert_eq!(std::str::from_utf8(&TEXT.bytes[..TEXT.len]).unwrap(), "`User::age` is -120 or `a`, `b`");
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let long = "ä".repeat(CAPACITY);
        assert_eq!(Message::new().text("x").text(&long).len, 1);
    }
}
