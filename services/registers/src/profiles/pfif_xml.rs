//! PFIF as XML, read as a stream of events. A document type or an entity of its own refuses the file.

use std::collections::VecDeque;
use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::pfif::{self, DROPPED, Fields, NOTE, NOTE_DROPPED, Numbers, PERSON};
use crate::draft::Context;
use crate::error::RegisterError;
use crate::limits;
use crate::manifest::Manifest;
use crate::meter::{Meter, Progress, Utf8};
use crate::read::{Row, Source};

/// A PFIF XML file.
pub(crate) struct PfifXml<'a, R> {
    reader: Reader<BufReader<Meter<Utf8<R>>>>,
    progress: Progress,
    buffer: Vec<u8>,
    context: Context<'a>,
    path: Vec<String>,
    number: u64,
    found: Found,
    numbers: Numbers,
}

/// The longest name of an element has 23 letters.
const LONGEST_NAME: usize = 64;

/// What `advance` found.
#[derive(Default)]
struct Found {
    person: Fields,
    notes: Vec<Fields>,
    note: Fields,
    text: String,
    bytes: usize,
    orphan: bool,
    unknown: bool,
}

impl<'a, R: Read> PfifXml<'a, R> {
    pub(crate) fn new(reader: R, manifest: &'a Manifest) -> Result<Self, RegisterError> {
        let (meter, progress) = Meter::new(Utf8::new(reader, manifest.encoding), limits::RECORD_BYTES);
        let mut reader = Reader::from_reader(BufReader::with_capacity(8 * 1024, meter));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Ok(Self {
            reader,
            progress,
            buffer: Vec::new(),
            context: Context::new(manifest)?,
            path: Vec::new(),
            number: 0,
            found: Found::default(),
            numbers: Numbers::default(),
        })
    }

    fn malformed(&self) -> RegisterError {
        RegisterError::Malformed { row: self.number + 1, format: "XML" }
    }

    fn fault(&self, error: quick_xml::Error) -> RegisterError {
        match error {
            quick_xml::Error::Io(error) => match std::sync::Arc::try_unwrap(error) {
                Ok(error) => error.into(),
                Err(shared) => RegisterError::Io(shared.kind()),
            },
            _ => self.malformed(),
        }
    }

    fn open(&mut self, name: &str) -> Result<(), RegisterError> {
        if (self.path.is_empty() && name != "pfif") || self.path.len() >= limits::DEPTH || name.len() > LONGEST_NAME {
            return Err(self.malformed());
        }
        match (self.path.len(), name) {
            (1, "person") => self.found = Found::default(),
            (1, "note") => self.found = Found { orphan: true, ..Found::default() },
            (2, "note") => self.found.note = Fields::default(),
            _ => {}
        }
        self.found.text.clear();
        self.path.push(name.to_owned());
        Ok(())
    }

    /// True where a whole person, or a note beside the persons, ends.
    fn close(&mut self, name: &str) -> Result<bool, RegisterError> {
        if self.path.pop().as_deref() != Some(name) {
            return Err(self.malformed());
        }
        let found = &mut self.found;
        let parent = self.path.last().map_or("", String::as_str);
        match (self.path.len(), parent) {
            (1, "pfif") => return Ok(matches!(name, "person" | "note")),
            (2, "person") if name == "note" => {
                let note = std::mem::take(&mut found.note);
                found.notes.extend((found.notes.len() < limits::NOTES).then_some(note));
            }
            (2, "person") => {
                let known = found.person.put(PERSON, name, &found.text);
                found.unknown |= !known && !DROPPED.contains(&name);
            }
            (2, "note") => {
                found.note.put(NOTE, name, &found.text);
            }
            (3, "note") => {
                let known = found.note.put(NOTE, name, &found.text);
                found.unknown |= !known && !NOTE_DROPPED.contains(&name);
            }
            _ => {}
        }
        found.text.clear();
        Ok(false)
    }

    fn text(&mut self, text: &str) -> Result<(), RegisterError> {
        let leaf = self.path.last().map_or("", String::as_str);
        // Dropped fields may be long; they cost nothing.
        if DROPPED.contains(&leaf) || NOTE_DROPPED.contains(&leaf) {
            return Ok(());
        }
        self.found.bytes += text.len();
        if self.found.bytes > limits::RECORD_BYTES {
            return Err(RegisterError::RecordTooLarge { row: self.number + 1, limit: limits::RECORD_BYTES });
        }
        self.found.text.push_str(text);
        Ok(())
    }

    /// A character reference or one of the five names of XML itself.
    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), RegisterError> {
        if let Some(c) = reference.resolve_char_ref().map_err(|_| self.malformed())? {
            return self.text(c.encode_utf8(&mut [0; 4]));
        }
        match resolve_predefined_entity(reference) {
            Some(text) => self.text(text),
            None => Err(RegisterError::Dtd),
        }
    }
}

impl<R: Read> Source for PfifXml<'_, R> {
    fn advance(&mut self) -> Result<Option<u64>, RegisterError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let outcome = loop {
            buffer.clear();
            let event = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => break Err(self.fault(error)),
            };
            self.progress.finished(self.number);
            let step = match event {
                Event::Start(tag) => self.open(tag.local_name().as_ref()).map(|()| false),
                Event::End(tag) => self.close(tag.local_name().as_ref()),
                Event::Text(text) => self.text(&text).map(|()| false),
                Event::CData(text) => self.text(&text).map(|()| false),
                Event::GeneralRef(reference) => self.reference(&reference).map(|()| false),
                Event::DocType(_) => Err(RegisterError::Dtd),
                Event::Eof if self.path.is_empty() => break Ok(None),
                Event::Eof => Err(self.malformed()),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(false),
            };
            match step {
                Ok(false) => {}
                Ok(true) => {
                    self.number += 1;
                    break Ok(Some(self.number));
                }
                Err(error) => break Err(error),
            }
        };
        self.buffer = buffer;
        outcome
    }

    fn convert(&mut self, out: &mut VecDeque<Row>) {
        let found = std::mem::take(&mut self.found);
        if found.orphan {
            return out.push_back(self.numbers.orphan(self.number, &found.note));
        }
        if found.unknown {
            return out.push_back(self.numbers.unknown(self.number, &found.person));
        }
        pfif::convert(&mut self.numbers, self.number, &found.person, &found.notes, &mut self.context, out);
    }

    fn gives_several(&self) -> bool {
        true
    }
}
