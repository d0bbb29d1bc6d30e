//! A statement and its signature, as one thing that can only be had by checking it.

use crate::{Domain, IdentityError, Reader, Signature, SigningKey, Verifies, Writer};

const VERSION: u8 = 0;
/// No statement is larger: a directory of ten thousand devices has about 2 MiB.
const LARGEST: usize = 16 << 20;

/// Something that is said under a signature. `write` and `read` are each other's inverse, byte for byte.
pub trait Statement: Sized {
    /// The domain it is signed under.
    const DOMAIN: Domain;
    /// Writes it as canonical binary.
    fn write(&self, out: &mut Writer);
    /// Reads it back.
    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError>;
}

/// A statement whose signature was made or checked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    statement: T,
    bytes: Vec<u8>,
}

impl<T: Statement> Signed<T> {
    /// Says it.
    pub fn sign(statement: T, key: &SigningKey) -> Self {
        let mut body = Writer::new();
        statement.write(&mut body);
        let body = body.finish();
        let mut out = Writer::new();
        out.u8(VERSION)
            .bytes(&body)
            .fixed(&key.sign(T::DOMAIN, &body).0);
        Self {
            statement,
            bytes: out.finish(),
        }
    }

    /// Checks the signature first and reads the statement only then.
    pub fn open(bytes: &[u8], by: &dyn Verifies) -> Result<Self, IdentityError> {
        let (body, signature) = split(bytes)?;
        by.verify(T::DOMAIN, body, &signature)?;
        Ok(Self {
            statement: parse(body)?,
            bytes: bytes.to_vec(),
        })
    }

    /// Reads a statement that names its own key, and checks the signature under that key.
    pub(crate) fn open_self_signed<V: Verifies>(
        bytes: &[u8],
        key: impl FnOnce(&T) -> V,
    ) -> Result<Self, IdentityError> {
        let (body, signature) = split(bytes)?;
        let statement = parse(body)?;
        key(&statement).verify(T::DOMAIN, body, &signature)?;
        Ok(Self {
            statement,
            bytes: bytes.to_vec(),
        })
    }

    /// What is said.
    pub fn statement(&self) -> &T {
        &self.statement
    }

    /// Statement and signature, to be stored and sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is said, without its proof.
    pub fn into_statement(self) -> T {
        self.statement
    }
}

fn split(bytes: &[u8]) -> Result<(&[u8], Signature), IdentityError> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let body = reader.bytes(LARGEST)?;
    let signature = Signature(reader.array()?);
    reader.finish()?;
    Ok((body, signature))
}

fn parse<T: Statement>(body: &[u8]) -> Result<T, IdentityError> {
    let mut reader = Reader::new(body);
    let statement = T::read(&mut reader)?;
    reader.finish()?;
    Ok(statement)
}
