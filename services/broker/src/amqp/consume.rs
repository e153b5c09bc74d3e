//! Receiving from RabbitMQ.

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;
use futures_util::{FutureExt, StreamExt};
use lapin::{
    Channel, Connection,
    message::Delivery,
    options::{BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions},
    types::{AMQPValue, FieldTable},
};
use tokio::time::timeout;
use uuid::Uuid;

use super::{Link, answer, fault};
use crate::{BrokerError, Consumer, ContentType, Death, DeathReason, Incoming, Queue};

/// A consumer on a channel of its own: dropping both returns what is unsettled.
pub(super) struct AmqpConsumer {
    channel: Channel,
    stream: lapin::Consumer,
    queue: Queue,
    namespace: String,
    unsettled: BTreeSet<u64>,
    /// Why the stream ended. The client's stream says it once, and then looks like one with nothing to do.
    ended: Option<BrokerError>,
}

impl AmqpConsumer {
    pub(super) async fn start(
        link: &Link,
        connection: &Connection,
        queue: &Queue,
        prefetch: u16,
    ) -> Result<Self, BrokerError> {
        let channel = answer("open a channel", connection.create_channel()).await?;
        answer("set the prefetch", channel.basic_qos(prefetch, BasicQosOptions::default())).await?;
        let name = link.physical(queue.as_str());
        let options = BasicConsumeOptions::default();
        let begun = channel.basic_consume(name.into(), "".into(), options, FieldTable::default());
        let stream = match timeout(super::ANSWER_LIMIT, begun).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) if fault::is_not_found(&error) => {
                return Err(BrokerError::MissingQueue(queue.to_string()));
            }
            Ok(Err(error)) => return Err(fault::translate("start a consumer", &error)),
            Err(_) => {
                return Err(BrokerError::Timeout { doing: "start a consumer", seconds: super::ANSWER_LIMIT.as_secs() });
            }
        };
        let namespace = link.options.namespace.clone();
        Ok(AmqpConsumer { channel, stream, queue: queue.clone(), namespace, unsettled: BTreeSet::new(), ended: None })
    }

    /// A stream may end without an error, for instance when the queue was deleted: a worker that took it for «nothing
    /// to do» would be alive and idle for ever.
    fn accept(&mut self, item: Option<Result<Delivery, lapin::Error>>) -> Result<Incoming, BrokerError> {
        let error = match item {
            Some(Ok(delivery)) => {
                self.unsettled.insert(delivery.delivery_tag);
                return Ok(incoming(delivery, &self.namespace));
            }
            Some(Err(error)) => fault::translate("deliver messages", &error),
            None => BrokerError::ConsumerEnded(self.queue.to_string()),
        };
        self.ended = Some(error.clone());
        Err(error)
    }

    /// Splits tags into one that stands for itself and everything before it, and single ones; forgets them.
    fn settle(&mut self, tags: &[u64]) -> Result<(Option<u64>, Vec<u64>), BrokerError> {
        if tags.iter().any(|tag| !self.unsettled.contains(tag)) {
            return Err(BrokerError::Failed { doing: "settle a message", reason: "unknown delivery tag".to_owned() });
        }
        let split = split(&self.unsettled, tags);
        for tag in tags {
            self.unsettled.remove(tag);
        }
        Ok(split)
    }

    async fn nack(&mut self, tags: &[u64], requeue: bool) -> Result<(), BrokerError> {
        let (up_to, single) = self.settle(tags)?;
        for (tag, multiple) in
            up_to.map(|tag| (tag, true)).into_iter().chain(single.into_iter().map(|tag| (tag, false)))
        {
            answer("return messages", self.channel.basic_nack(tag, BasicNackOptions { multiple, requeue })).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Consumer for AmqpConsumer {
    async fn next_batch(&mut self, max: usize, wait: Duration) -> Result<Vec<Incoming>, BrokerError> {
        if let Some(error) = &self.ended {
            return Err(error.clone());
        }
        let mut batch = Vec::new();
        if max == 0 {
            return Ok(batch);
        }
        let Ok(first) = timeout(wait, self.stream.next()).await else {
            return Ok(batch);
        };
        batch.push(self.accept(first)?);
        while batch.len() < max
            && let Some(item) = self.stream.next().now_or_never()
        {
            // If the stream has ended the batch is lost with it: unsettled, it is delivered to somebody else.
            batch.push(self.accept(item)?);
        }
        Ok(batch)
    }

    async fn ack(&mut self, tags: &[u64]) -> Result<(), BrokerError> {
        let (up_to, single) = self.settle(tags)?;
        for (tag, multiple) in
            up_to.map(|tag| (tag, true)).into_iter().chain(single.into_iter().map(|tag| (tag, false)))
        {
            answer("acknowledge messages", self.channel.basic_ack(tag, BasicAckOptions { multiple })).await?;
        }
        Ok(())
    }

    async fn requeue(&mut self, tags: &[u64]) -> Result<(), BrokerError> {
        self.nack(tags, true).await
    }

    async fn dead_letter(&mut self, tags: &[u64]) -> Result<(), BrokerError> {
        self.nack(tags, false).await
    }
}

/// If `tags` begin with all that is unsettled up to some tag, one frame settles those («multiple»); the others need one
/// each.
fn split(unsettled: &BTreeSet<u64>, tags: &[u64]) -> (Option<u64>, Vec<u64>) {
    let wanted: BTreeSet<u64> = tags.iter().copied().collect();
    let prefix = unsettled.iter().zip(&wanted).take_while(|(open, tag)| open == tag).count();
    let up_to = wanted.iter().take(prefix).next_back().copied();
    (up_to, wanted.into_iter().skip(prefix).collect())
}

fn incoming(delivery: Delivery, namespace: &str) -> Incoming {
    let properties = &delivery.properties;
    let text = |value: &Option<lapin::types::ShortString>| value.as_ref().map(|text| text.as_str().to_owned());
    Incoming {
        tag: delivery.delivery_tag,
        message_id: properties.message_id().as_ref().and_then(|id| Uuid::parse_str(id.as_str()).ok()),
        redelivered: delivery.redelivered,
        routing_key: delivery.routing_key.as_str().to_owned(),
        user_id: text(properties.user_id()),
        content_type: properties.content_type().as_ref().and_then(|kind| ContentType::parse(kind.as_str())),
        death: properties.headers().as_ref().and_then(|headers| death(headers, namespace)),
        body: delivery.data,
    }
}

fn death(headers: &FieldTable, namespace: &str) -> Option<Death> {
    let header = |key: &str| match headers.inner().get(key)? {
        AMQPValue::LongString(text) => std::str::from_utf8(text.as_bytes()).ok(),
        AMQPValue::ShortString(text) => Some(text.as_str()),
        _ => None,
    };
    let reason = DeathReason::parse(header("x-first-death-reason")?);
    let queue = header("x-first-death-queue").unwrap_or_default();
    Some(Death { reason, queue: queue.strip_prefix(namespace).unwrap_or(queue).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::split;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        /// Whatever is settled, the frames sent settle exactly that: a «multiple» never reaches an open message that
        /// was not meant, and nothing is left out.
        #[test]
        fn frames_settle_exactly_the_tags(open in prop::collection::btree_set(1u64..60, 0..40), pick in any::<u64>()) {
            let tags: Vec<u64> = open.iter().copied().filter(|tag| pick >> tag & 1 == 1).rev().collect();
            let (up_to, single) = split(&open, &tags);
            let mut settled: BTreeSet<u64> = single.iter().copied().collect();
            prop_assert_eq!(settled.len(), single.len());
            settled.extend(up_to.into_iter().flat_map(|up_to| open.range(..=up_to)));
            prop_assert_eq!(settled, tags.iter().copied().collect::<BTreeSet<_>>());
        }
    }

    #[test]
    fn everything_in_order_takes_one_frame() {
        let open = (5..505).collect();
        assert_eq!(split(&open, &(5..405).collect::<Vec<_>>()), (Some(404), vec![]));
        assert_eq!(split(&open, &[6, 5, 8]), (Some(6), vec![8]));
        assert_eq!(split(&open, &[6]), (None, vec![6]));
    }
}
