//! Writes the Kotlin and Swift bindings from the built library; nothing of it is shipped.

fn main() {
    uniffi::uniffi_bindgen_main();
}
