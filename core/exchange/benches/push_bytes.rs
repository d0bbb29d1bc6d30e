//! How many bytes a push takes.
fn main() {
    divan::main();
}
