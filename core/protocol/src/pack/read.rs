//! Reads a pack's index, or lists every fault in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::fault::{Fault, FaultKind, Faults};
use crate::item::Words;
use crate::level::{Domain, Level};
use crate::moment;
use crate::pack::{Category, Contact, Deadlines, Entry, Ladder, Means, Pack, Rung, Trigger, Works};
use crate::read::place::{Notes, Place};
use crate::rules::read_words::words;

/// The version of the index's format.
const VERSION: u64 = 0;
const MEMBERS: [&str; 10] = [
    "version",
    "title",
    "language",
    "draft_languages",
    "notes",
    "region",
    "deadline_minutes",
    "protocols",
    "contacts",
    "ladders",
];

/// Reads the file.
pub(super) fn pack(bytes: &[u8]) -> Result<Pack, Faults> {
    let json = crate::read::json::parse(bytes)
        .map_err(|faults| Faults(faults.into_iter().map(in_pack).collect()))?;
    let mut notes = Notes::default();
    let pack = match json.as_object() {
        Some(file) => file_object(&mut notes, file),
        None => {
            notes.wrong(&Place::root(), "an object with an index", &json);
            None
        }
    };
    match pack {
        Some(pack) if notes.faults.is_empty() => Ok(pack),
        Some(_) | None => Err(Faults(notes.faults.into_iter().map(in_pack).collect())),
    }
}

/// Several files are read: the place says in which.
fn in_pack(fault: Fault) -> Fault {
    Fault {
        at: format!("pack: {}", fault.at),
        ..fault
    }
}

fn file_object(notes: &mut Notes, file: &Map<String, Json>) -> Option<Pack> {
    let root = Place::root();
    notes.version(file, VERSION)?;
    notes.only(file, &MEMBERS, &root);
    let language = notes.string(file, "language", &root);
    let language = language.as_deref().unwrap_or("en");
    let mut reader = Reader { notes, language };
    let pack = Pack {
        title: reader.words(file, "title", &root).unwrap_or_default(),
        drafts: reader
            .notes
            .texts(file, "draft_languages", &root)
            .into_iter()
            .collect(),
        notes: reader.notes.texts(file, "notes", &root),
        region: reader.notes.string(file, "region", &root),
        deadlines: reader.deadlines(file)?,
        protocols: reader.protocols(file),
        contacts: reader.contacts(file),
        ladders: reader.ladders(file),
    };
    check(reader.notes, &pack);
    Some(pack)
}

struct Reader<'a> {
    notes: &'a mut Notes,
    language: &'a str,
}

impl Reader<'_> {
    fn words(&mut self, object: &Map<String, Json>, name: &str, place: &Place) -> Option<Words> {
        words(self.notes, object, name, place, self.language)
    }

    fn deadlines(&mut self, file: &Map<String, Json>) -> Option<Deadlines> {
        let place = Place::root().member("deadline_minutes");
        let Some(object) = file.get("deadline_minutes").and_then(Json::as_object) else {
            let message = "expected an object with imminent, high, moderate and low";
            self.notes.fault(&place, FaultKind::Missing, message);
            return None;
        };
        let names = ["imminent", "high", "moderate", "low"];
        self.notes.only(object, &names, &place);
        let minutes = names.map(|name| self.minutes(object, name, &place));
        let [Some(imminent), Some(high), Some(moderate), Some(low)] = minutes else {
            return None;
        };
        if !minutes.is_sorted() {
            let message = "a worse level can't have a longer deadline";
            self.notes.fault(&place, FaultKind::NotAllowed, message);
        }
        Some(Deadlines {
            imminent,
            high,
            moderate,
            low,
        })
    }

    fn minutes(&mut self, object: &Map<String, Json>, name: &str, place: &Place) -> Option<u32> {
        let minutes = self.notes.count(object, name, place);
        let minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok());
        let minutes = minutes.filter(|minutes| *minutes > 0);
        if minutes.is_none() {
            let message = "expected how many minutes, at least 1";
            self.notes
                .fault(&place.member(name), FaultKind::Missing, message);
        }
        minutes
    }

    fn protocols(&mut self, file: &Map<String, Json>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for (object, place) in self.notes.objects(file, "protocols", &Place::root()) {
            let names = ["id", "category", "open_while_locked"];
            self.notes.only(object, &names, &place);
            let key = self.notes.text(object, "id", &place);
            let category = self.one_of(object, "category", &place, &Category::ALL, Category::token);
            let open_while_locked = self.notes.boolean(object, "open_while_locked", &place);
            let (Some(key), Some(category)) = (key, category) else {
                continue;
            };
            if entries.iter().any(|entry| entry.key == key) {
                let message = format!("the protocol '{key}' stands twice");
                self.notes.fault(&place, FaultKind::Duplicate, message);
            }
            entries.push(Entry {
                key,
                category,
                open_while_locked,
            });
        }
        entries
    }

    fn contacts(&mut self, file: &Map<String, Json>) -> Vec<Contact> {
        let mut contacts: Vec<Contact> = Vec::new();
        for (object, place) in self.notes.objects(file, "contacts", &Place::root()) {
            let Some(contact) = self.contact(object, &place) else {
                continue;
            };
            if contacts.iter().any(|one| one.id == contact.id) {
                let message = format!("the contact '{}' stands twice", contact.id);
                self.notes.fault(&place, FaultKind::Duplicate, message);
            }
            contacts.push(contact);
        }
        contacts
    }

    fn contact(&mut self, object: &Map<String, Json>, place: &Place) -> Option<Contact> {
        let names = [
            "id",
            "title",
            "emergency",
            "for_person",
            "numbers",
            "checked_on",
        ];
        self.notes.only(object, &names, place);
        let id = self.notes.text(object, "id", place);
        let title = self.words(object, "title", place);
        let checked_on = self.notes.string(object, "checked_on", place);
        if checked_on
            .as_deref()
            .is_some_and(|day| moment::date(day).is_none())
        {
            let message = "expected a date, as 2026-01-31";
            self.notes
                .fault(&place.member("checked_on"), FaultKind::WrongType, message);
        }
        Some(Contact {
            emergency: self.notes.boolean(object, "emergency", place),
            for_person: self.notes.boolean(object, "for_person", place),
            numbers: self.numbers(object, place),
            checked_on,
            id: id?,
            title: title?,
        })
    }

    fn numbers(&mut self, object: &Map<String, Json>, place: &Place) -> BTreeMap<String, String> {
        let Some(json) = object.get("numbers") else {
            return BTreeMap::new();
        };
        let place = place.member("numbers");
        let Some(map) = json.as_object() else {
            self.notes
                .wrong(&place, "an object with a number for each region", json);
            return BTreeMap::new();
        };
        let regions = map.keys();
        regions
            .filter_map(|region| Some((region.clone(), self.notes.text(map, region, &place)?)))
            .collect()
    }

    fn ladders(&mut self, file: &Map<String, Json>) -> Vec<Ladder> {
        let list = self.notes.objects(file, "ladders", &Place::root());
        list.into_iter()
            .filter_map(|(object, place)| self.ladder(object, &place))
            .collect()
    }

    fn ladder(&mut self, object: &Map<String, Json>, place: &Place) -> Option<Ladder> {
        let names = [
            "id",
            "triggers",
            "domains",
            "from",
            "meanwhile",
            "rungs",
            "source",
        ];
        self.notes.only(object, &names, place);
        let id = self.notes.text(object, "id", place);
        let triggers = self.list_of(object, "triggers", place, &Trigger::ALL, Trigger::token);
        if triggers.is_empty() {
            let message = "expected what sends somebody up this ladder";
            self.notes
                .fault(&place.member("triggers"), FaultKind::Missing, message);
        }
        let from = object
            .get("from")
            .map_or(Some(Level::NothingEndorsed), |from| {
                serde_json::from_value(from.clone()).ok()
            });
        if from.is_none() {
            let message = "expected low, moderate, high or imminent";
            self.notes
                .fault(&place.member("from"), FaultKind::NotAllowed, message);
        }
        Some(Ladder {
            triggers,
            domains: self.list_of(object, "domains", place, &Domain::ALL, Domain::token),
            meanwhile: self.meanwhile(object, place),
            rungs: self.rungs(object, place),
            source: self.notes.text(object, "source", place)?,
            id: id?,
            from: from?,
        })
    }

    fn meanwhile(&mut self, object: &Map<String, Json>, place: &Place) -> Vec<Words> {
        let list = self.notes.objects(object, "meanwhile", place);
        list.into_iter()
            .filter_map(|(object, place)| {
                self.notes.only(object, &["text"], &place);
                self.words(object, "text", &place)
            })
            .collect()
    }

    fn rungs(&mut self, object: &Map<String, Json>, place: &Place) -> Vec<Rung> {
        let mut rungs = Vec::new();
        for (object, place) in self.notes.objects(object, "rungs", place) {
            let names = ["reach", "by", "say", "wait_minutes"];
            self.notes.only(object, &names, &place);
            let reach = self.notes.text(object, "reach", &place);
            let by = self.list_of(object, "by", &place, &Means::ALL, Means::token);
            if !by.iter().any(|means| means.can_work(Works::Neither)) {
                let message = "expected a way that works without voice and without data: radio, partner, walk or emergency-call";
                self.notes
                    .fault(&place.member("by"), FaultKind::Missing, message);
            }
            let say = self.words(object, "say", &place);
            let wait_minutes = self.minutes(object, "wait_minutes", &place);
            if let (Some(reach), Some(say), Some(wait_minutes)) = (reach, say, wait_minutes) {
                rungs.push(Rung {
                    reach,
                    by,
                    say,
                    wait_minutes,
                });
            }
        }
        rungs
    }

    fn one_of<T: Copy>(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
        all: &[T],
        token: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = object.get(name).and_then(Json::as_str).unwrap_or_default();
        self.token(text, &place.member(name), all, token)
    }

    fn list_of<T: Copy>(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
        all: &[T],
        token: fn(T) -> &'static str,
    ) -> Vec<T> {
        let texts = self.notes.texts(object, name, place);
        let place = place.member(name);
        texts
            .iter()
            .enumerate()
            .filter_map(|(n, text)| self.token(text, &place.element(n), all, token))
            .collect()
    }

    fn token<T: Copy>(
        &mut self,
        text: &str,
        place: &Place,
        all: &[T],
        token: fn(T) -> &'static str,
    ) -> Option<T> {
        let found = all.iter().copied().find(|one| token(*one) == text);
        if found.is_none() {
            let tokens: Vec<&str> = all.iter().map(|one| token(*one)).collect();
            let message = format!("expected one of {}", tokens.join(", "));
            self.notes.fault(place, FaultKind::NotAllowed, message);
        }
        found
    }
}

/// What no ladder may lack: a known contact on each rung, emergency services first where a life is in danger, and a ladder for everything.
fn check(notes: &mut Notes, pack: &Pack) {
    let root = Place::root().member("ladders");
    let contacts: BTreeMap<&str, &Contact> = pack
        .contacts
        .iter()
        .map(|one| (one.id.as_str(), one))
        .collect();
    for (n, ladder) in pack.ladders.iter().enumerate() {
        let place = root.element(n).member("rungs");
        for (n, rung) in ladder.rungs.iter().enumerate() {
            if !contacts.contains_key(rung.reach.as_str()) {
                let message = format!("no contact has the id '{}'", rung.reach);
                let at = place.element(n).member("reach");
                notes.fault(&at, FaultKind::NoSuchTarget, message);
            }
        }
        let first = ladder
            .rungs
            .first()
            .and_then(|rung| contacts.get(rung.reach.as_str()));
        if first.is_none() {
            notes.fault(&place, FaultKind::Missing, "expected at least one rung");
        }
    }
    for gap in gaps(pack, &contacts) {
        notes.fault(&root, FaultKind::Missing, gap);
    }
}

/// What leads up no ladder, and where danger to life does not begin with emergency services.
fn gaps(pack: &Pack, contacts: &BTreeMap<&str, &Contact>) -> BTreeSet<String> {
    let mut gaps = BTreeSet::new();
    let domains = Domain::ALL.into_iter().map(Some).chain([None]);
    for domain in domains {
        for (trigger, level) in Trigger::ALL
            .into_iter()
            .flat_map(|trigger| Level::WORST_FIRST.map(|level| (trigger, level)))
        {
            let named = format!("'{}' at any level", trigger.token());
            let Some(ladder) = pack.ladder(trigger, domain, level) else {
                gaps.insert(format!(
                    "no ladder for {named}: one of them needs no 'from' and no 'domains'"
                ));
                continue;
            };
            let danger = level == Level::Imminent || trigger == Trigger::Distress;
            let first = ladder
                .rungs
                .first()
                .and_then(|rung| contacts.get(rung.reach.as_str()));
            if danger && !first.is_some_and(|contact| contact.emergency) {
                gaps.insert(format!(
                    "'{}' is climbed where a life is in danger: its first rung must reach a contact marked 'emergency'",
                    ladder.id
                ));
            }
        }
    }
    gaps
}
