//! `cargo xtask`: the one door to building, testing, measuring and trying Mooring out. Holds no rule of the product.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks to its terminal"
)]

mod bench;
mod bindings;
mod clock;
mod demo;
mod test;
mod tidy;
mod workshop;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use std::process::ExitCode;
use workshop::Workshop;

const USAGE: &str = "\
cargo xtask demo [--data DIR] [--script] [--protocol FILE]
    A crisis visit from two phones with no signal to the psychiatrist's queue and back.
    --data DIR       keep HQ and the phones in DIR (an empty or new folder)
    --script         play the psychiatrist too, check every claim, and end
    --protocol FILE  administer this FHIR Questionnaire as well
cargo xtask test [--only PART]... [--slow] [--pictures]
    Every check. Parts: fmt, tidy, deny, clippy, docs, rust, demo, hapi, browser, kotlin, swift.
    --slow           the long versions: 500 kills in place of 50
    --pictures       the browser part renews docs/pictures
    --surface        kotlin and swift renew the lists of their public names
cargo xtask bindings
    The native library of this machine, and the generated sides of Kotlin and Swift.
cargo xtask xcframework
    On a Mac: the library for iPhones, simulators and Macs, as the Swift package wants it.
cargo xtask bench [NAME]
    Every benchmark, or those whose name contains NAME; size is the library that an app carries.
cargo xtask advise --review URL --name NAME --password WORD --case ID --text TEXT
    A psychiatrist's advice, sent at the real review pages: what the conformance players call.
cargo xtask tidy
    What no lint can see: which crate may import what, and names.
";

fn main() -> ExitCode {
    match run(lexopt::Parser::from_env()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: lexopt::Parser) -> Result<ExitCode> {
    let workshop = Workshop::open()?;
    let Some(verb) = args.next()? else {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    let Value(verb) = verb else { return help(verb) };
    match verb.string()?.as_str() {
        "test" => test::run(&workshop, &test_order(args)?),
        "tidy" => tidy::check(&workshop).map(|()| ExitCode::SUCCESS),
        "bench" => bench::run(&workshop, bench_name(args)?.as_deref()),
        "bindings" => {
            bindings::generate(&workshop, bindings::For::Apps).map(|()| ExitCode::SUCCESS)
        }
        "xcframework" => bindings::xcframework::make(&workshop).map(|()| ExitCode::SUCCESS),
        "advise" => demo::advise::run(&advice(args)?).map(|()| ExitCode::SUCCESS),
        "demo" => demo::run(&workshop, &demo_order(args)?),
        other => bail!("no such task: {other}\n\n{USAGE}"),
    }
}

fn help(arg: lexopt::Arg<'_>) -> Result<ExitCode> {
    if matches!(arg, Long("help") | Short('h')) {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    Err(arg.unexpected()).context(USAGE)
}

fn test_order(mut args: lexopt::Parser) -> Result<test::Order> {
    let mut order = test::Order::default();
    while let Some(arg) = args.next()? {
        match arg {
            Long("only") => order.only.push(args.value()?.string()?),
            Long("slow") => order.slow = true,
            Long("pictures") => order.pictures = true,
            Long("surface") => order.surface = true,
            Short(_) | Long(_) | Value(_) => return Err(arg.unexpected()).context(USAGE),
        }
    }
    Ok(order)
}

fn bench_name(mut args: lexopt::Parser) -> Result<Option<String>> {
    let mut name = None;
    while let Some(arg) = args.next()? {
        match arg {
            Value(value) if name.is_none() => name = Some(value.string()?),
            Short(_) | Long(_) | Value(_) => return Err(arg.unexpected()).context(USAGE),
        }
    }
    Ok(name)
}

fn advice(mut args: lexopt::Parser) -> Result<demo::advise::Advice> {
    let mut advice = demo::advise::Advice::default();
    while let Some(arg) = args.next()? {
        let field = match &arg {
            Long("review") => &mut advice.review,
            Long("name") => &mut advice.name,
            Long("password") => &mut advice.password,
            Long("case") => &mut advice.case,
            Long("text") => &mut advice.text,
            Short(_) | Long(_) | Value(_) => return Err(arg.unexpected()).context(USAGE),
        };
        *field = args.value()?.string()?;
    }
    Ok(advice)
}

fn demo_order(mut args: lexopt::Parser) -> Result<demo::Order> {
    let mut order = demo::Order::default();
    while let Some(arg) = args.next()? {
        match arg {
            Long("data") => order.data = Some(args.value()?.into()),
            Long("protocol") => order.protocol = Some(args.value()?.into()),
            Long("script") => order.script = true,
            Short(_) | Long(_) | Value(_) => return Err(arg.unexpected()).context(USAGE),
        }
    }
    Ok(order)
}
