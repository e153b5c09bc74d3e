//! Contact points that people gave: what they open, and what they never do.

mod support;

use domain::channel::ContactKind;
use domain::decision::RuleId;
use domain::manifest::ContactRef;
use domain::record::{Answer, ContactOwner, ContactPoint};
use domain::{Channel, Level, Millis};
use protection::{Address, ContactSays, NewContact, Says, Statement, only_tightens};
use support::*;

const NEW: &str = "+254700000055";

fn name(world: &World, place: u16) -> ContactRef {
    ContactRef { record: world.id(), index: ContactRef::STATED + place }
}

fn give(world: &mut World, place: u16, point: ContactPoint) {
    let contact = name(world, place);
    let says = Says::NewContact(Box::new(NewContact { contact, point }));
    world.statements.push(Statement { at: Millis(2_000), says });
}

/// Linkage has counted who lists it.
fn counted(world: &mut World, place: u16, others: u32) {
    let ContactRef { record, index } = name(world, place);
    world.addresses.push(Address { record, index, others, conflict: false, unsafe_: false });
}

/// Somebody without any contact point.
fn unreachable() -> World {
    let mut record = adult();
    record.contacts.clear();
    World::of(vec![record])
}

fn phone() -> ContactPoint {
    good(ContactKind::Phone, NEW, ContactOwner::Own)
}

#[test]
fn it_is_no_route_before_linkage_has_counted_who_else_lists_it_and_shared_after_that() {
    let mut world = unreachable();
    give(&mut world, 0, phone());
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L0, "nobody knows who else lists it");
    counted(&mut world, 0, 0);
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L3);
    let at = world.facts().contacts().collect::<Vec<_>>();
    assert_eq!(at, [name(&world, 0)], "under a name that no record's list can take");
    world.addresses.clear();
    counted(&mut world, 0, 1);
    let decision = world.decide();
    assert!(fired(&decision, RuleId::R17));
    assert_eq!(own(&decision, Channel::Sms), Level::L2);
}

#[test]
fn what_is_not_said_about_it_stays_unknown() {
    let mut world = unreachable();
    give(&mut world, 0, ContactPoint::bare(ContactKind::Phone, NEW));
    counted(&mut world, 0, 0);
    let decision = world.decide();
    assert!(fired(&decision, RuleId::R17) && fired(&decision, RuleId::R18), "{:?}", decision.rules);
    assert!(own(&decision, Channel::Sms) <= Level::L2);
}

#[test]
fn a_number_that_is_known_as_unsafe_stays_so_whoever_gives_it_again() {
    let mut record = adult();
    record.contacts = vec![ContactPoint { safe: Some(Answer::No), ..phone() }];
    let mut world = World::of(vec![record]);
    give(&mut world, 0, phone());
    counted(&mut world, 0, 0);
    let decision = world.decide();
    assert!(fired(&decision, RuleId::R19));
    assert_eq!(own(&decision, Channel::Sms), Level::L0);
}

#[test]
fn later_statements_are_about_it_too() {
    let mut world = unreachable();
    give(&mut world, 0, phone());
    counted(&mut world, 0, 0);
    let json = serde_json::json!({ "contact": name(&world, 0), "safe": "no" });
    let says: ContactSays = serde_json::from_value(json).expect("a statement");
    world.statements.push(Statement { at: Millis(3_000), says: Says::Contact(says) });
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L0);
}

#[test]
fn of_two_under_one_name_the_first_counts_and_a_registers_name_is_none() {
    let mut world = unreachable();
    give(&mut world, 0, ContactPoint { safe: Some(Answer::No), ..phone() });
    give(&mut world, 0, phone());
    counted(&mut world, 0, 0);
    assert_eq!(own(&world.decide(), Channel::Sms), Level::L0);
    let mut world = unreachable();
    let contact = world.contact(0);
    let says = Says::NewContact(Box::new(NewContact { contact, point: phone() }));
    world.statements.push(Statement { at: Millis(2_000), says });
    assert_eq!(world.facts().contacts().count(), 0);
}

#[test]
fn one_person_alone_never_adds_a_way() {
    let world = World::of(vec![adult()]);
    let before = world.facts();
    for point in [phone(), ContactPoint { safe: Some(Answer::No), ..phone() }] {
        let mut after = World::of(vec![adult()]);
        give(&mut after, 0, point);
        counted(&mut after, 0, 1);
        assert!(!only_tightens(&before, &after.facts()));
    }
}

#[test]
fn a_later_and_longer_list_of_the_register_takes_nobodys_place() {
    let mut longer = adult();
    longer.contacts.extend(own_contacts().into_iter().cycle().take(40));
    let mut world = World::of(vec![longer]);
    give(&mut world, 0, phone());
    counted(&mut world, 0, 0);
    assert_eq!(world.facts().contacts().filter(|at| *at == name(&world, 0)).count(), 1);
}
