//! From the text of an expression to its words and signs.

use crate::fhirpath::Refused;
use crate::moment;

/// A word or a sign.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name, perhaps in backquotes.
    Name(String),
    /// `$this` and the like, without the sign.
    Special(String),
    /// `%name`, without the sign.
    Variable(String),
    String(String),
    Number(String),
    Date(String),
    DateTime(String),
    Time(String),
    Sign(&'static str),
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 24] = [
    "<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|",
    "=", "~", "<", ">", ";", ":",
];

/// Reads the text. `declared` are the variables that the file declares: real files have some with a `-` in their name.
pub(crate) fn tokens(text: &str, declared: &[String]) -> Result<Vec<Token>, Refused> {
    let mut lexer = Lexer {
        rest: text,
        declared,
    };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
        if tokens.len() > super::MAX_TOKENS {
            return Err(Refused::TooMuch);
        }
    }
    Ok(tokens)
}

struct Lexer<'t> {
    rest: &'t str,
    declared: &'t [String],
}

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Result<Option<Token>, Refused> {
        self.skip()?;
        let Some(first) = self.rest.chars().next() else {
            return Ok(None);
        };
        let token = match first {
            '\'' => Token::String(self.quoted('\'')?),
            '`' => Token::Name(self.quoted('`')?),
            '@' => self.moment()?,
            '%' => self.variable()?,
            '$' => {
                self.advance(1);
                Token::Special(self.name().to_owned())
            }
            c if c.is_ascii_digit() => Token::Number(self.number().to_owned()),
            c if c.is_ascii_alphabetic() || c == '_' => Token::Name(self.name().to_owned()),
            _ => self.sign()?,
        };
        Ok(Some(token))
    }

    /// Past spaces and comments.
    fn skip(&mut self) -> Result<(), Refused> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                let (_, rest) = comment.split_once("*/").ok_or_else(|| self.wrong())?;
                self.rest = rest;
            } else {
                return Ok(());
            }
        }
    }

    fn wrong(&self) -> Refused {
        Refused::Syntax(self.rest.chars().take(20).collect())
    }

    fn advance(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn while_true(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        self.advance(end)
    }

    fn name(&mut self) -> &'t str {
        self.while_true(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    fn number(&mut self) -> &'t str {
        let whole_text = self.rest;
        let whole = self.while_true(|c| c.is_ascii_digit()).len();
        let fraction = self.rest.strip_prefix('.').map_or(0, |rest| {
            rest.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len())
        });
        let length = if fraction == 0 {
            whole
        } else {
            whole + 1 + fraction
        };
        self.rest = whole_text;
        self.advance(length)
    }

    fn sign(&mut self) -> Result<Token, Refused> {
        let sign = SIGNS.into_iter().find(|sign| self.rest.starts_with(sign));
        let sign = sign.ok_or_else(|| self.wrong())?;
        self.advance(sign.len());
        Ok(Token::Sign(sign))
    }

    fn variable(&mut self) -> Result<Token, Refused> {
        self.advance(1);
        match self.rest.chars().next() {
            Some(quote @ ('`' | '\'')) => return Ok(Token::Variable(self.quoted(quote)?)),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {}
            Some(_) | None => return Err(self.wrong()),
        }
        let ends = |name: &str| {
            let after = self.rest.strip_prefix(name)?.chars().next();
            let goes_on = after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
            (!goes_on).then_some(name.len())
        };
        let declared = self.declared.iter().filter_map(|name| ends(name)).max();
        let own = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let own = own.unwrap_or(self.rest.len());
        let length = declared.unwrap_or(own).max(own);
        Ok(Token::Variable(self.advance(length).to_owned()))
    }

    fn quoted(&mut self, quote: char) -> Result<String, Refused> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        chars.next();
        loop {
            match chars.next().ok_or_else(|| self.wrong())? {
                '\\' => escaped(&mut chars, &mut text).ok_or_else(|| self.wrong())?,
                c if c == quote => break,
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }

    fn moment(&mut self) -> Result<Token, Refused> {
        let wrong = self.wrong();
        self.advance(1);
        if let Some(time) = self.rest.strip_prefix('T') {
            self.rest = time;
            let text = self.digits(|c| c.is_ascii_digit() || c == ':' || c == '.');
            return moment::is_partial_time(text)
                .then(|| Token::Time(text.to_owned()))
                .ok_or(wrong);
        }
        let text = self.digits(|c| c.is_ascii_digit() || "-T:.+Z".contains(c));
        match text.split_once('T') {
            None if moment::date(text).is_some() => Ok(Token::Date(text.to_owned())),
            Some((date, "")) if moment::date(date).is_some() => {
                Ok(Token::DateTime(date.to_owned()))
            }
            Some(_) if moment::is_partial_date_time(text) => Ok(Token::DateTime(text.to_owned())),
            Some(_) | None => Err(wrong),
        }
    }

    /// In `@2020.toString()` the point belongs to what follows.
    fn digits(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let text = self.rest.split_at_checked(end).map_or("", |(text, _)| text);
        self.advance(text.trim_end_matches('.').len())
    }
}

/// What a backslash and what follows stand for. Before a letter that has no such meaning both stay: real files write patterns with a
/// single backslash, and `\d` is meant as a digit there.
fn escaped(chars: &mut std::str::Chars, text: &mut String) -> Option<()> {
    let plain = match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'f' => '\u{c}',
        'u' => {
            let code: String = chars.by_ref().take(4).collect();
            u32::from_str_radix(&code, 16)
                .ok()
                .and_then(char::from_u32)?
        }
        other @ ('\'' | '"' | '`' | '\\' | '/') => other,
        other => {
            text.push('\\');
            other
        }
    };
    text.push(plain);
    Some(())
}
