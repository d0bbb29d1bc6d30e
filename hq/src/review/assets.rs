//! The files that pages load: style, the tokens under it, the small script. All are in the binary.

/// Colors, radii, sizes, built from tokens.json.
pub(crate) const TOKENS_CSS: &str = include_str!("../../assets/tokens.css");
/// The style of the review pages.
pub(crate) const REVIEW_CSS: &str = include_str!("../../assets/review.css");
/// Live updates and keeping typed text; every page works without it.
pub(crate) const LIVE_JS: &str = include_str!("../../assets/live.js");
/// The sign in the browser's tab.
pub(crate) const ICON: &str = include_str!("../../assets/icon.svg");

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;

    const TOKENS: &str = include_str!("../../assets/tokens.json");

    fn tokens() -> Map<String, Value> {
        serde_json::from_str(TOKENS).unwrap()
    }

    fn color<'a>(tokens: &'a Map<String, Value>, name: &str, theme: &str) -> &'a str {
        tokens["color"][name][theme].as_str().unwrap()
    }

    fn css_of(tokens: &Map<String, Value>) -> String {
        let colors = |theme: &str, indent: &str| -> String {
            let names = tokens["color"].as_object().unwrap().keys();
            names
                .map(|name| format!("{indent}--{name}: {};\n", color(tokens, name, theme)))
                .collect::<Vec<_>>()
                .concat()
        };
        let radii = tokens["radius"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, px)| format!("  --radius-{name}: {px}px;\n"))
            .collect::<Vec<_>>()
            .concat();
        format!(
            "/* Built from tokens.json; a test compares the two. */\n:root {{\n  color-scheme: light dark;\n\
             {}{radii}  --text: {}rem;\n  --line-height: {};\n  --touch: {}px;\n}}\n\
             @media (prefers-color-scheme: dark) {{\n  :root {{\n{}  }}\n}}\n",
            colors("light", "  "),
            tokens["type"]["web"].as_f64().unwrap() / 16.0,
            tokens["type"]["line-height"],
            tokens["touch"]["least"],
            colors("dark", "    "),
        )
    }

    /// Relative luminance as WCAG defines it.
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let c =
                f64::from(u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[track_caller]
    fn check(front: &str, ground: &str, least: f64) {
        let tokens = tokens();
        for theme in ["light", "dark"] {
            let [a, b] = [front, ground].map(|name| luminance(color(&tokens, name, theme)));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(
                contrast >= least,
                "{front} on {ground}, {theme}: {contrast:.2}"
            );
        }
    }

    #[test]
    fn the_css_says_what_the_tokens_say() {
        assert_eq!(
            TOKENS_CSS,
            css_of(&tokens()),
            "tokens.css is not what tokens.json gives"
        );
    }

    #[test]
    fn text_is_readable_on_every_ground_in_both_themes() {
        for ground in ["paper", "card", "quiet"] {
            check("ink", ground, 4.5);
            check("soft", ground, 4.5);
            check("link", ground, 4.5);
        }
        check("ink", "contested-bg", 4.5);
        for (front, ground) in tokens()["on"].as_object().unwrap() {
            check(front, ground.as_str().unwrap(), 4.5);
        }
    }

    #[test]
    fn the_edge_of_a_field_can_be_seen() {
        check("edge", "paper", 3.0);
        check("edge", "card", 3.0);
    }

    #[test]
    fn no_color_stands_outside_the_tokens_and_nothing_moves() {
        for never in ["#", "rgb(", "hsl(", "animation", "transition", "@keyframes"] {
            assert!(!REVIEW_CSS.contains(never), "review.css has {never}");
        }
    }
}
