//! From words and signs to the tree of an expression, by the precedence that `FHIRPath` gives its operators.

use crate::decimal::Decimal;
use crate::fhirpath::Refused;
use crate::fhirpath::ast::{Expr, Literal, Operator};
use crate::fhirpath::function::Function;
use crate::fhirpath::lexer::{Token, tokens};

/// Deeper expressions are refused, so that nothing that walks one can overflow.
const MAX_DEPTH: usize = 240;

/// Reads an expression.
pub(crate) fn parse(text: &str, declared: &[String]) -> Result<Expr, Refused> {
    let mut parser = Parser {
        tokens: tokens(text, declared)?,
        at: 0,
        depth: 0,
    };
    let expr = parser.binary(0)?;
    if parser.peek().is_some() {
        return Err(parser.wrong());
    }
    Ok(expr)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// The operators of each level, from what binds least to what binds most.
fn operator(token: &Token) -> Option<(u8, Operator)> {
    use Operator as Op;
    let word = match token {
        Token::Sign(sign) => *sign,
        Token::Name(name) => name.as_str(),
        Token::Special(_)
        | Token::Variable(_)
        | Token::String(_)
        | Token::Number(_)
        | Token::Date(_)
        | Token::DateTime(_)
        | Token::Time(_) => return None,
    };
    Some(match word {
        "implies" => (0, Op::Implies),
        "or" => (1, Op::Or),
        "xor" => (1, Op::Xor),
        "and" => (2, Op::And),
        "in" => (3, Op::In),
        "contains" => (3, Op::Contains),
        "=" => (4, Op::Equal),
        "!=" => (4, Op::NotEqual),
        "~" => (4, Op::Equivalent),
        "!~" => (4, Op::NotEquivalent),
        ">" => (5, Op::Greater),
        "<" => (5, Op::Less),
        ">=" => (5, Op::GreaterOrEqual),
        "<=" => (5, Op::LessOrEqual),
        "|" => (6, Op::Union),
        "+" => (8, Op::Plus),
        "-" => (8, Op::Minus),
        "&" => (8, Op::Join),
        "*" => (9, Op::Times),
        "/" => (9, Op::Divide),
        "div" => (9, Op::Div),
        "mod" => (9, Op::Mod),
        _ => return None,
    })
}

/// `is` and `as` stand between union and addition.
const TYPE_LEVEL: u8 = 7;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn wrong(&self) -> Refused {
        let found = self
            .peek()
            .map_or_else(|| "the end".to_owned(), |token| format!("{token:?}"));
        Refused::Syntax(found.chars().take(40).collect())
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Refused> {
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.wrong())
        }
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        let depth = self.depth;
        self.one_deeper()?;
        let read = read(self);
        self.depth = depth;
        read
    }

    /// A chain such as `a.b.c` nests too, without the parser going down.
    fn one_deeper(&mut self) -> Result<(), Refused> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refused::TooMuch);
        }
        Ok(())
    }

    fn binary(&mut self, least: u8) -> Result<Expr, Refused> {
        self.deeper(|parser| parser.binary_at(least))
    }

    fn binary_at(&mut self, least: u8) -> Result<Expr, Refused> {
        let mut left = self.unary()?;
        loop {
            if let Some(wanted) = self.type_word(least) {
                self.one_deeper()?;
                self.at += 1;
                let name = self.type_name()?;
                left = if wanted == "is" {
                    Expr::Is(Box::new(left), name)
                } else {
                    Expr::As(Box::new(left), name)
                };
                continue;
            }
            let Some((level, operator)) = self.peek().and_then(operator) else {
                return Ok(left);
            };
            if level < least {
                return Ok(left);
            }
            self.one_deeper()?;
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
    }

    fn type_word(&self, least: u8) -> Option<&'static str> {
        let Some(Token::Name(name)) = self.peek() else {
            return None;
        };
        let word = ["is", "as"].into_iter().find(|word| word == name)?;
        (TYPE_LEVEL >= least).then_some(word)
    }

    /// `Coding`, `System.Integer`, `FHIR.Coding`: the last part counts.
    fn type_name(&mut self) -> Result<String, Refused> {
        let Some(Token::Name(mut name)) = self.next() else {
            self.at = self.at.saturating_sub(1);
            return Err(self.wrong());
        };
        while self.take(".") {
            match self.next() {
                Some(Token::Name(last)) => name = last,
                Some(_) | None => return Err(self.wrong()),
            }
        }
        Ok(name)
    }

    fn unary(&mut self) -> Result<Expr, Refused> {
        if self.take("+") {
            return self.deeper(Self::unary);
        }
        if self.take("-") {
            let inner = self.deeper(Self::unary)?;
            return Ok(Expr::Negative(Box::new(inner)));
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Result<Expr, Refused> {
        self.deeper(Self::chain)
    }

    fn chain(&mut self) -> Result<Expr, Refused> {
        let mut expr = self.term()?;
        loop {
            self.one_deeper()?;
            if self.take(".") {
                expr = self.invocation(Some(expr))?;
            } else if self.take("[") {
                let index = self.binary(0)?;
                self.expect("]")?;
                expr = Expr::At(Box::new(expr), Box::new(index));
            } else {
                return Ok(expr);
            }
        }
    }

    fn term(&mut self) -> Result<Expr, Refused> {
        if self.take("(") {
            let inner = self.binary(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("{") {
            self.expect("}")?;
            return Ok(Expr::Nothing);
        }
        let Some(token) = self.peek().cloned() else {
            return Err(self.wrong());
        };
        let literal = match token {
            Token::Name(name) if name == "true" || name == "false" => {
                Literal::Boolean(name == "true")
            }
            Token::Name(_) | Token::Special(_) => return self.invocation(None),
            Token::Variable(name) => {
                self.at += 1;
                return Ok(Expr::Variable(name));
            }
            Token::Sign(_) => return Err(self.wrong()),
            Token::Number(text) => return self.number(&text),
            Token::String(text) => Literal::String(text),
            Token::Date(text) => Literal::Date(text),
            Token::DateTime(text) => Literal::DateTime(text),
            Token::Time(text) => Literal::Time(text),
        };
        self.at += 1;
        Ok(Expr::Literal(literal))
    }

    /// A number, or an amount with its unit behind it.
    fn number(&mut self, text: &str) -> Result<Expr, Refused> {
        let number = Decimal::parse(text).ok_or_else(|| self.wrong())?;
        self.at += 1;
        let unit = match self.peek() {
            Some(Token::String(unit)) => Some(unit.clone()),
            Some(Token::Name(name)) => super::quantity::calendar_unit(name).map(str::to_owned),
            Some(_) | None => None,
        };
        if let Some(unit) = unit {
            self.at += 1;
            return Ok(Expr::Literal(Literal::Quantity(number, unit)));
        }
        Ok(Expr::Literal(match text.parse::<i64>() {
            Ok(whole) => Literal::Integer(whole),
            Err(_) => Literal::Decimal(number),
        }))
    }

    fn invocation(&mut self, on: Option<Expr>) -> Result<Expr, Refused> {
        let on = on.map(Box::new);
        match self.next() {
            Some(Token::Special(name)) if on.is_none() => match name.as_str() {
                "this" => Ok(Expr::This),
                "index" => Ok(Expr::Index),
                "total" => Ok(Expr::Total),
                _ => Err(Refused::Unknown(format!("${name}"))),
            },
            Some(Token::Name(name)) => {
                if self.take("(") {
                    self.call(on, &name)
                } else {
                    Ok(Expr::Member(on, name))
                }
            }
            Some(_) | None => {
                self.at = self.at.saturating_sub(1);
                Err(self.wrong())
            }
        }
    }

    fn call(&mut self, on: Option<Box<Expr>>, name: &str) -> Result<Expr, Refused> {
        if matches!(name, "is" | "as" | "ofType") {
            let wanted = self.type_name()?;
            self.expect(")")?;
            let this = || Box::new(Expr::This);
            return Ok(match name {
                "is" => Expr::Is(on.unwrap_or_else(this), wanted),
                "as" => Expr::As(on.unwrap_or_else(this), wanted),
                _ => Expr::OfType(on, wanted),
            });
        }
        let mut arguments = Vec::new();
        if !self.take(")") {
            loop {
                arguments.push(self.binary(0)?);
                if self.take(")") {
                    break;
                }
                self.expect(",")?;
            }
        }
        let function =
            Function::named(name).ok_or_else(|| Refused::Unknown(format!("{name}()")))?;
        let (least, most) = function.arguments();
        if arguments.len() < least || arguments.len() > most {
            return Err(Refused::Unknown(format!(
                "{name}() with {} arguments",
                arguments.len()
            )));
        }
        Ok(shortened(on, function, arguments))
    }
}

/// `where(linkId = 'x')` as one step.
fn shortened(on: Option<Box<Expr>>, function: Function, arguments: Vec<Expr>) -> Expr {
    if let (Function::Where, [Expr::Binary(operator, left, right)]) =
        (function, arguments.as_slice())
        && let (Expr::Member(None, name), Expr::Literal(Literal::String(link))) =
            (left.as_ref(), right.as_ref())
        && name == "linkId"
        && matches!(operator, Operator::Equal | Operator::NotEqual)
    {
        return Expr::WhereLink(on, link.clone(), *operator == Operator::NotEqual);
    }
    Expr::Call(on, function, arguments)
}
