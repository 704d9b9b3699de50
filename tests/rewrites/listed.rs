//! Every `help:` of the refused problems is in a repaired one, or is known to be prose.

use std::fs;
use std::path::Path;

/// The repaired problems of each folder of `ui`.
const REPAIRED: [(&str, &str); 13] = [
    ("attributes", include_str!("attributes.rs")),
    ("cones", include_str!("cones.rs")),
    ("curvature", include_str!("curvature.rs")),
    ("functions", include_str!("functions.rs")),
    ("geometric", include_str!("geometric.rs")),
    ("indexing", include_str!("shape.rs")),
    ("loops", include_str!("shape.rs")),
    ("names", include_str!("names.rs")),
    ("parametrization", include_str!("names.rs")),
    ("several", include_str!("several.rs")),
    ("shape", include_str!("shape.rs")),
    ("syntax", include_str!("syntax.rs")),
    ("warnings", ""),
];

/// What says how to find a rewrite, but is none.
const PROSE: &str = include_str!("prose.txt");

struct Help {
    folder: String,
    case: String,
    text: String,
}

fn helps() -> Vec<Help> {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut helps = Vec::new();
    for (folder, _) in REPAIRED {
        for file in fs::read_dir(ui.join(folder)).expect("a folder of ui") {
            let path = file.expect("a file of ui").path();
            if path.extension().is_none_or(|extension| extension != "stderr") {
                continue;
            }
            let messages = fs::read_to_string(&path).expect("what the compiler says");
            helps.extend(messages.lines().filter_map(|line| {
                Some(Help {
                    folder: folder.to_owned(),
                    case: path.file_stem()?.to_str()?.to_owned(),
                    text: line.trim().strip_prefix("help: ")?.to_owned(),
                })
            }));
        }
    }
    helps
}

/// The problems that repair a case, without white space.
fn repairs(help: &Help) -> String {
    let mut found = String::new();
    let mut inside = false;
    let (_, source) = REPAIRED
        .iter()
        .find(|(folder, _)| *folder == help.folder)
        .expect("a folder with a source");
    for line in source.lines() {
        if let Some((name, _)) = line.split_once(" [").filter(|_| line.ends_with("] {")) {
            let name = name.trim();
            inside = name == help.case || name.starts_with(&format!("{}_or_", help.case));
        }
        if inside {
            found.extend(line.chars().filter(|c| !c.is_whitespace()));
        }
    }
    found
}

#[test]
fn every_folder_is_known() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    for folder in fs::read_dir(ui).expect("the folders of ui") {
        let folder = folder.expect("a folder of ui").file_name();
        assert!(REPAIRED.iter().any(|(known, _)| folder == *known), "{folder:?}");
    }
}

#[test]
fn every_help_is_repaired_or_prose() {
    let mut missing = Vec::new();
    let helps = helps();
    assert!(helps.len() > 200);
    for help in helps
        .iter()
        .filter(|help| !PROSE.lines().any(|prose| prose == help.text))
    {
        let repairs = repairs(help);
        // Every other piece between backticks is code.
        for code in help.text.split('`').skip(1).step_by(2) {
            let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
            if !repairs.contains(&code) {
                missing.push(format!("{}/{}: {}", help.folder, help.case, help.text));
                break;
            }
        }
    }
    assert!(missing.is_empty(), "not repaired:\n{}", missing.join("\n"));
}

#[test]
fn all_prose_is_said() {
    let helps = helps();
    for prose in PROSE.lines() {
        assert!(helps.iter().any(|help| help.text == prose), "nobody says: {prose}");
    }
}
