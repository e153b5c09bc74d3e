//! What every broker must do, run against the in-process twin and against RabbitMQ.
//!
//! RabbitMQ is reached by `AMQP_URL`. Without it those tests say so and pass, unless `TIDINGS_REQUIRE_SERVERS=1`. Every
//! test has a namespace of its own and removes what it made.

mod support;

use std::{collections::HashSet, time::Duration};

use broker::{
    Address, Broker, BrokerError, Consumer, ContentType, DeathReason, Incoming, Limits, MAX_BODY_BYTES, Outgoing,
    Queue, Realm, Stage, Topology,
};
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(10);
const MOMENT: Duration = Duration::from_millis(300);

fn doorbell(stage: Stage) -> Outgoing {
    let message_id = Uuid::new_v4();
    let body = format!(r#"{{"campaign":"{message_id}"}}"#).into_bytes();
    Outgoing { to: Address::Stage(Realm::Drill, stage), message_id, content_type: ContentType::Doorbell, body }
}

fn notice(society: &str, bytes: usize) -> Outgoing {
    let to = Address::Notices(Realm::Drill, society.to_owned());
    Outgoing { to, message_id: Uuid::new_v4(), content_type: ContentType::Jose, body: vec![b'x'; bytes] }
}

fn ids(messages: &[Outgoing]) -> Vec<Uuid> {
    messages.iter().map(|message| message.message_id).collect()
}

fn tags(messages: &[Incoming]) -> Vec<u64> {
    messages.iter().map(|message| message.tag).collect()
}

/// Receives until `count` messages came or nothing came for a while.
async fn receive(consumer: &mut dyn Consumer, count: usize) -> Vec<Incoming> {
    let mut all = Vec::new();
    while all.len() < count {
        let batch = consumer.next_batch(count - all.len(), SOON).await.expect("a live stream");
        if batch.is_empty() {
            break;
        }
        all.extend(batch);
    }
    all
}

/// Waits until a queue holds as many messages: a broker counts a moment after it confirms.
async fn wait_for_depth(broker: &dyn Broker, queue: &Queue, messages: u64) {
    let mut seen = 0;
    for _ in 0..100 {
        seen = broker.depth(queue).await.expect("the queue exists").messages;
        if seen == messages {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{queue} holds {seen} messages, not {messages}");
}

fn topology() -> Topology {
    Topology::new(Realm::Drill, ["NRC", "SRC"])
}

conformance! {
    async fn every_address_reaches_its_queue_with_everything_that_was_sent(broker) {
        broker.declare(&topology()).await.unwrap();
        let mut batch: Vec<_> = Stage::ALL.into_iter().map(doorbell).collect();
        batch.push(notice("NRC", 3000));
        batch.push(notice("SRC", 0));
        let receipt = Address::Receipts(Realm::Drill, "NRC".to_owned());
        batch.push(Outgoing { to: receipt, ..notice("NRC", 200_000) });
        let published = broker.publish(batch.clone()).await.unwrap();
        assert!(published.is_complete(), "{published:?}");
        assert_eq!(published.confirmed, ids(&batch), "in the order in which they were given");

        for sent in batch {
            let mut consumer = broker.consume(&sent.to.queue(), 10).await.unwrap();
            let got = receive(&mut *consumer, 1).await;
            assert_eq!(got.len(), 1, "{:?}", sent.to);
            assert_eq!(got[0].message_id, Some(sent.message_id));
            assert_eq!(got[0].routing_key, sent.to.routing_key());
            assert_eq!(got[0].content_type, Some(sent.content_type));
            assert_eq!(got[0].body, sent.body);
            assert!(!got[0].redelivered);
            assert_eq!(got[0].death, None);
            let is_receipt = matches!(sent.to, Address::Receipts(..));
            assert_eq!(got[0].user_id.is_some(), is_receipt, "receipts, and only they, say who sent them");
            consumer.ack(&tags(&got)).await.unwrap();
            assert!(consumer.next_batch(10, MOMENT).await.unwrap().is_empty(), "one copy only");
        }
    }

    async fn realms_do_not_touch_each_other(broker) {
        broker.declare(&topology()).await.unwrap();
        let real = Outgoing { to: Address::Stage(Realm::Real, Stage::Plan), ..doorbell(Stage::Plan) };
        let error = broker.publish(vec![real.clone()]).await.unwrap_err();
        assert!(matches!(error, BrokerError::MissingExchange(_) | BrokerError::Failed { .. }), "{error}");
        broker.declare(&Topology::new(Realm::Real, ["NRC"])).await.unwrap();
        broker.publish(vec![real]).await.unwrap();
        wait_for_depth(broker, &Queue::stage(Realm::Real, Stage::Plan), 1).await;
        assert_eq!(broker.depth(&Queue::stage(Realm::Drill, Stage::Plan)).await.unwrap().messages, 0);
    }

    async fn declaring_again_changes_nothing_and_other_settings_are_refused(broker) {
        broker.declare(&topology()).await.unwrap();
        broker.publish(vec![notice("NRC", 10)]).await.unwrap();
        broker.declare(&topology()).await.unwrap();
        broker.declare(&Topology::new(Realm::Drill, ["ARC"])).await.unwrap();
        wait_for_depth(broker, &Queue::notices(Realm::Drill, "NRC"), 1).await;

        let other = topology().with_limits(Limits { delivery_limit: 9, ..Limits::default() });
        assert!(matches!(broker.declare(&other).await, Err(BrokerError::Differs(_))));
        for bad in ["", "a.b", "#", "N*", "a b", "ñ"] {
            let refused = broker.declare(&Topology::new(Realm::Drill, [bad])).await;
            assert_eq!(refused, Err(BrokerError::Name(bad.to_owned())));
        }
    }

    async fn checking_names_what_is_missing_and_creates_nothing(broker) {
        let queue = Queue::notices(Realm::Drill, "SRC");
        for _ in 0..2 {
            let missing = Err(BrokerError::MissingQueue(queue.to_string()));
            assert_eq!(broker.check(std::slice::from_ref(&queue)).await, missing);
            assert!(matches!(broker.depth(&queue).await, Err(BrokerError::MissingQueue(_))));
            assert!(matches!(broker.consume(&queue, 1).await.map(|_| ()), Err(BrokerError::MissingQueue(_))));
        }
        broker.declare(&topology()).await.unwrap();
        broker.check(&topology().queues()).await.unwrap();
        broker.remove(&topology()).await.unwrap();
        broker.remove(&topology()).await.unwrap();
        assert!(broker.check(&[queue]).await.is_err());
    }

    async fn unroutable_messages_are_found_exactly_among_ten_thousand(broker) {
        broker.declare(&topology()).await.unwrap();
        // Every seventh message and some runs go to Societies without a queue.
        let batch: Vec<_> = (0..10_000)
            .map(|i| match i {
                i if i % 7 == 3 || i % 1000 < 20 => notice("nobody", 900),
                i if i % 2 == 0 => notice("NRC", 900),
                _ => notice("SRC", 900),
            })
            .collect();
        let lost: Vec<_> = batch.iter().filter(|m| m.to.routing_key() == "notice.nobody").map(|m| m.message_id).collect();
        let kept = batch.len() - lost.len();
        let published = broker.publish(batch.clone()).await.unwrap();
        assert_eq!(published.returned, lost);
        assert_eq!(published.confirmed.len(), kept);
        assert!(published.nacked.is_empty() && published.unknown.is_empty());
        let in_queues = [Queue::notices(Realm::Drill, "NRC"), Queue::notices(Realm::Drill, "SRC")];
        let mut received = HashSet::new();
        for queue in &in_queues {
            let mut consumer = broker.consume(queue, 1000).await.unwrap();
            loop {
                let got = consumer.next_batch(500, MOMENT).await.unwrap();
                // A slow broker is not an empty queue.
                if got.is_empty() && broker.depth(queue).await.unwrap().messages == 0 {
                    break;
                }
                received.extend(got.iter().map(|m| m.message_id.unwrap()));
                consumer.ack(&tags(&got)).await.unwrap();
            }
        }
        assert_eq!(received, published.confirmed.into_iter().collect(), "confirmed and received are the same messages");
    }

    async fn a_full_queue_refuses(broker) {
        let limits = Limits { notices_length: 10, ..Limits::default() };
        broker.declare(&topology().with_limits(limits)).await.unwrap();
        let mut confirmed = 0;
        let mut nacked = Vec::new();
        for _ in 0..60 {
            let message = notice("NRC", 100);
            let published = broker.publish(vec![message.clone()]).await.unwrap();
            assert!(published.returned.is_empty() && published.unknown.is_empty());
            confirmed += published.confirmed.len();
            nacked.extend(published.nacked);
        }
        assert_eq!(confirmed + nacked.len(), 60);
        assert!((10..=12).contains(&confirmed), "{confirmed} confirmed at a limit of 10");
        // Others are not affected, and room comes back.
        assert!(broker.publish(vec![notice("SRC", 100)]).await.unwrap().is_complete());
        let mut consumer = broker.consume(&Queue::notices(Realm::Drill, "NRC"), 100).await.unwrap();
        let got = receive(&mut *consumer, confirmed).await;
        assert!(got.iter().all(|message| !nacked.contains(&message.message_id.unwrap())));
        consumer.ack(&tags(&got)).await.unwrap();
        support::eventually(async || broker.publish(vec![notice("NRC", 100)]).await.unwrap().is_complete()).await;
    }

    async fn a_message_that_keeps_coming_back_dies_after_six_deliveries(broker) {
        broker.declare(&topology()).await.unwrap();
        let poison = doorbell(Stage::Plan);
        broker.publish(vec![poison.clone()]).await.unwrap();
        let mut consumer = broker.consume(&Queue::stage(Realm::Drill, Stage::Plan), 10).await.unwrap();
        for delivery in 1..=6 {
            let got = receive(&mut *consumer, 1).await;
            assert_eq!(got.len(), 1, "delivery {delivery}");
            assert_eq!(got[0].redelivered, delivery > 1);
            consumer.requeue(&tags(&got)).await.unwrap();
        }
        assert!(consumer.next_batch(1, MOMENT).await.unwrap().is_empty(), "not a seventh time");
        let mut dead = broker.consume(&Queue::dead(Realm::Drill), 10).await.unwrap();
        let got = receive(&mut *dead, 1).await;
        assert_eq!(got[0].message_id, Some(poison.message_id));
        assert_eq!(got[0].body, poison.body);
        assert_eq!(got[0].routing_key, "plan");
        let death = got[0].death.as_ref().unwrap();
        assert_eq!(death.reason, DeathReason::DeliveryLimit);
        assert_eq!(death.queue, "drill.stage.plan");
        dead.ack(&tags(&got)).await.unwrap();
    }

    async fn refused_and_expired_messages_become_dead_letters(broker) {
        let limits = Limits { notices_ttl: Duration::from_millis(400), ..Limits::default() };
        broker.declare(&topology().with_limits(limits)).await.unwrap();
        let (refused, expired) = (doorbell(Stage::Record), notice("NRC", 50));
        broker.publish(vec![refused.clone(), expired.clone()]).await.unwrap();
        let mut consumer = broker.consume(&Queue::stage(Realm::Drill, Stage::Record), 10).await.unwrap();
        let got = receive(&mut *consumer, 1).await;
        consumer.dead_letter(&tags(&got)).await.unwrap();

        // Already waiting when they die: nobody has to poke the queue.
        let mut dead = broker.consume(&Queue::dead(Realm::Drill), 10).await.unwrap();
        let got = receive(&mut *dead, 2).await;
        let find = |id: Uuid| got.iter().find(|m| m.message_id == Some(id)).and_then(|m| m.death.clone()).unwrap();
        assert_eq!(find(refused.message_id).reason, DeathReason::Rejected);
        assert_eq!(find(expired.message_id).reason, DeathReason::Expired);
        assert_eq!(find(expired.message_id).queue, "drill.notices.NRC");
        // An operator may look as often as they like; what they are done with is gone.
        dead.requeue(&tags(&got)).await.unwrap();
        let got = receive(&mut *dead, 2).await;
        assert_eq!(got.len(), 2);
        dead.dead_letter(&tags(&got)).await.unwrap();
        assert!(dead.next_batch(10, MOMENT).await.unwrap().is_empty());
    }

    async fn what_a_consumer_did_not_settle_comes_back_when_it_goes(broker) {
        broker.declare(&topology()).await.unwrap();
        let batch: Vec<_> = (0..20).map(|_| doorbell(Stage::Plan)).collect();
        broker.publish(batch.clone()).await.unwrap();
        let queue = Queue::stage(Realm::Drill, Stage::Plan);
        let mut first = broker.consume(&queue, 100).await.unwrap();
        let got = receive(&mut *first, 20).await;
        first.ack(&tags(&got[..5])).await.unwrap();
        first.ack(&[got[9].tag, got[7].tag]).await.unwrap(); // out of order, with gaps
        let settled: HashSet<_> = got[..5].iter().chain([&got[7], &got[9]]).map(|m| m.message_id.unwrap()).collect();
        drop(first);

        let mut second = broker.consume(&queue, 100).await.unwrap();
        let again = receive(&mut *second, 13).await;
        assert!(again.iter().all(|message| message.redelivered));
        let expected: Vec<_> = ids(&batch).into_iter().filter(|id| !settled.contains(id)).collect();
        let again_ids: HashSet<_> = again.iter().map(|message| message.message_id.unwrap()).collect();
        assert_eq!(again_ids, expected.into_iter().collect());
        second.ack(&tags(&again)).await.unwrap();
        assert!(second.next_batch(10, MOMENT).await.unwrap().is_empty());
        wait_for_depth(broker, &queue, 0).await;
    }

    async fn a_consumer_ends_with_an_error_when_its_queue_is_deleted(broker) {
        broker.declare(&topology()).await.unwrap();
        let queue = Queue::notices(Realm::Drill, "NRC");
        broker.publish(vec![notice("NRC", 10)]).await.unwrap();
        let mut consumer = broker.consume(&queue, 10).await.unwrap();
        receive(&mut *consumer, 1).await;
        let deletion = async {
            tokio::time::sleep(MOMENT).await;
            broker.delete_queue(&queue).await.unwrap();
        };
        let (ended, ()) = tokio::join!(consumer.next_batch(10, SOON), deletion);
        assert_eq!(ended.unwrap_err(), BrokerError::ConsumerEnded(queue.to_string()));
        // Declared anew, it is another queue; the old consumer stays ended.
        broker.declare(&topology()).await.unwrap();
        assert!(consumer.next_batch(10, MOMENT).await.is_err());
        assert_eq!(broker.depth(&queue).await.unwrap().messages, 0);
        drop(consumer);
        broker.publish(vec![notice("NRC", 10)]).await.unwrap();
        wait_for_depth(broker, &queue, 1).await;
    }

    async fn prefetch_bounds_what_is_out_and_workers_share(broker) {
        broker.declare(&topology()).await.unwrap();
        let batch: Vec<_> = (0..30).map(|_| doorbell(Stage::Plan)).collect();
        broker.publish(batch.clone()).await.unwrap();
        let queue = Queue::stage(Realm::Drill, Stage::Plan);
        let mut first = broker.consume(&queue, 10).await.unwrap();
        let mine = receive(&mut *first, 10).await;
        assert!(first.next_batch(10, MOMENT).await.unwrap().is_empty(), "no more than the prefetch");
        let mut second = broker.consume(&queue, 100).await.unwrap();
        let theirs = receive(&mut *second, 20).await;
        let all: HashSet<_> = mine.iter().chain(&theirs).map(|message| message.message_id.unwrap()).collect();
        assert_eq!(all, ids(&batch).into_iter().collect());
        assert_eq!(broker.depth(&queue).await.unwrap().consumers, 2);
        first.ack(&tags(&mine)).await.unwrap();
        second.ack(&tags(&theirs)).await.unwrap();
        assert!(second.ack(&[theirs[0].tag]).await.is_err(), "settled twice");
    }

    async fn a_waiting_consumer_wakes_at_once_and_an_idle_one_in_time(broker) {
        broker.declare(&topology()).await.unwrap();
        let mut consumer = broker.consume(&Queue::stage(Realm::Drill, Stage::Import), 10).await.unwrap();
        let began = std::time::Instant::now();
        assert!(consumer.next_batch(10, MOMENT).await.unwrap().is_empty());
        assert!(began.elapsed() >= MOMENT);
        let ring = async {
            tokio::time::sleep(MOMENT).await;
            broker.publish(vec![doorbell(Stage::Import)]).await.unwrap();
        };
        let (got, ()) = tokio::join!(consumer.next_batch(10, Duration::from_secs(60)), ring);
        assert_eq!(got.unwrap().len(), 1);
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    async fn an_oversize_body_is_refused_before_anything_is_sent(broker) {
        broker.declare(&topology()).await.unwrap();
        let large = notice("NRC", MAX_BODY_BYTES + 1);
        let error = broker.publish(vec![notice("NRC", 1), large.clone()]).await.unwrap_err();
        let expected =
            BrokerError::TooLarge { id: large.message_id, bytes: MAX_BODY_BYTES + 1, limit: MAX_BODY_BYTES };
        assert_eq!(error, expected);
        assert!(broker.publish(vec![]).await.unwrap().is_complete());
        assert_eq!(broker.depth(&Queue::notices(Realm::Drill, "NRC")).await.unwrap().messages, 0);
    }

    async fn many_tasks_may_publish_at_the_same_time(broker) {
        broker.declare(&topology()).await.unwrap();
        let task = async |society: &str| {
            for _ in 0..5 {
                let batch: Vec<_> = (0..100).map(|_| notice(society, 300)).collect();
                let published = broker.publish(batch.clone()).await.unwrap();
                let list = if society == "nobody" { published.returned } else { published.confirmed };
                assert_eq!(list, ids(&batch), "{society}");
            }
        };
        tokio::join!(task("NRC"), task("nobody"), task("SRC"), task("nobody"), task("NRC"));
        wait_for_depth(broker, &Queue::notices(Realm::Drill, "NRC"), 1000).await;
    }
}
