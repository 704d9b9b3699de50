//! Builds the macro as a library. `cfg(proc_macro)` would tell as much, but editors do not set it.
#![allow(missing_docs)]

fn main() {
    println!("cargo::rustc-check-cfg=cfg(outside_of_rustc)");
    println!("cargo::rustc-cfg=outside_of_rustc");
    println!("cargo::rerun-if-changed=build.rs");
}
