//! A Merkle root over a push's run headers (shaped as in RFC 6962), so that one run can be proved later without telling of the others.
//!
//! Each leaf is salted: headers name cases and counts that could be guessed, and a proof shows the hashes of its neighbors.

use crate::derive::sha256_of;
use crate::{IdentityError, Reader, Writer};

type Hash = [u8; 32];
const DEEPEST: usize = 32;

/// The salt of leaf `index`. The push's own salt stays with its runs: whoever has it can guess at every leaf.
pub fn derive_salt(push_salt: &Hash, index: u64) -> Hash {
    sha256_of(&[b"mooring.merkle.salt", push_salt, &index.to_be_bytes()])
}

/// The hash of one salted leaf.
pub fn leaf_hash(salt: &Hash, header: &[u8]) -> Hash {
    sha256_of(&[&[0], salt, header])
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256_of(&[&[1], left, right])
}

/// The tree over some leaves, in their order.
#[derive(Debug, Clone)]
pub struct MerkleTree {
    leaves: Vec<Hash>,
}

impl MerkleTree {
    /// A tree over these leaf hashes.
    pub fn new(leaves: Vec<Hash>) -> Self {
        Self { leaves }
    }

    /// What is signed; of no leaves it is the hash of nothing.
    pub fn root(&self) -> Hash {
        root_of(&self.leaves)
    }

    /// The proof that leaf `index` belongs to the root; `None` beyond the last.
    pub fn proof(&self, index: usize) -> Option<MerkleProof> {
        self.leaves.get(index)?;
        let mut path = Vec::new();
        collect_path(&self.leaves, index, &mut path);
        Some(MerkleProof {
            index: index as u64,
            leaves: self.leaves.len() as u64,
            path,
        })
    }
}

fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256_of(&[]),
        [one] => *one,
        many => {
            let (left, right) = halves(many);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// The left half is the largest power of two that leaves something for the right.
fn halves(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    leaves.split_at(left_count(leaves.len() as u64).try_into().unwrap_or(0))
}

fn left_count(count: u64) -> u64 {
    1 << (count.saturating_sub(1).max(1).ilog2())
}

fn collect_path(leaves: &[Hash], index: usize, path: &mut Vec<Hash>) {
    if leaves.len() < 2 {
        return;
    }
    let (left, right) = halves(leaves);
    match index.checked_sub(left.len()) {
        None => {
            collect_path(left, index, path);
            path.push(root_of(right));
        }
        Some(index) => {
            collect_path(right, index, path);
            path.push(root_of(left));
        }
    }
}

/// That one leaf belongs to a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerkleProof {
    /// Which leaf.
    pub index: u64,
    /// Of how many.
    pub leaves: u64,
    /// Sibling hashes, from the leaf up.
    pub path: Vec<Hash>,
}

impl MerkleProof {
    /// The root that this proof and leaf come to; compare it with the signed one.
    pub fn root(&self, leaf: &Hash) -> Result<Hash, IdentityError> {
        if self.index >= self.leaves {
            return Err(IdentityError::Malformed);
        }
        climb(self.index, self.leaves, leaf, &self.path)
    }

    /// As canonical binary.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(0)
            .varint(self.index)
            .varint(self.leaves)
            .varint(self.path.len() as u64);
        for hash in &self.path {
            out.fixed(hash);
        }
        out.finish()
    }

    /// From canonical binary.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(0)?;
        let (index, leaves) = (reader.varint()?, reader.varint()?);
        let count = reader.count(DEEPEST, 32)?;
        let path = (0..count)
            .map(|_| reader.array())
            .collect::<Result<_, _>>()?;
        reader.finish()?;
        Ok(Self {
            index,
            leaves,
            path,
        })
    }
}

fn climb(index: u64, leaves: u64, leaf: &Hash, path: &[Hash]) -> Result<Hash, IdentityError> {
    if leaves == 1 {
        return if path.is_empty() {
            Ok(*leaf)
        } else {
            Err(IdentityError::Malformed)
        };
    }
    let (sibling, below) = path.split_last().ok_or(IdentityError::Malformed)?;
    let left = left_count(leaves);
    match index.checked_sub(left) {
        None => Ok(node_hash(&climb(index, left, leaf, below)?, sibling)),
        Some(index) => Ok(node_hash(
            sibling,
            &climb(index, leaves - left, leaf, below)?,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(count: usize) -> MerkleTree {
        MerkleTree::new(
            (0..count)
                .map(|i| {
                    leaf_hash(
                        &derive_salt(&[9; 32], i as u64),
                        &[u8::try_from(i).unwrap()],
                    )
                })
                .collect(),
        )
    }

    #[test]
    fn every_leaf_of_every_tree_can_be_proved() {
        for count in 1..40 {
            let tree = tree(count);
            for index in 0..count {
                let proof = MerkleProof::parse(&tree.proof(index).unwrap().encode()).unwrap();
                assert_eq!(
                    proof.root(&tree.leaves[index]),
                    Ok(tree.root()),
                    "{index} of {count}"
                );
            }
        }
    }

    #[test]
    fn a_proof_does_not_hold_for_another_leaf_or_place() {
        let tree = tree(7);
        let proof = tree.proof(2).unwrap();
        assert_ne!(proof.root(&tree.leaves[3]), Ok(tree.root()));
        assert_ne!(
            MerkleProof { index: 3, ..proof }.root(&tree.leaves[2]),
            Ok(tree.root())
        );
    }

    #[test]
    fn a_hostile_proof_neither_panics_nor_holds() {
        let tree = tree(5);
        let path = tree.proof(0).unwrap().path;
        for (index, leaves) in [
            (0, 0),
            (5, 5),
            (u64::MAX, u64::MAX),
            (0, u64::MAX),
            (u64::MAX - 1, u64::MAX),
        ] {
            let proof = MerkleProof {
                index,
                leaves,
                path: path.clone(),
            };
            assert_ne!(proof.root(&tree.leaves[0]), Ok(tree.root()));
        }
    }

    #[test]
    fn the_same_header_under_another_salt_is_another_leaf() {
        assert_ne!(
            leaf_hash(&derive_salt(&[1; 32], 0), b"h"),
            leaf_hash(&derive_salt(&[1; 32], 1), b"h")
        );
    }

    #[test]
    fn order_matters() {
        let mut leaves = tree(4).leaves;
        leaves.swap(0, 1);
        assert_ne!(MerkleTree::new(leaves).root(), tree(4).root());
    }
}
