// Counts text messages with two published calculators: lines of {"text":…} in, [code points, graphemes] out.
import { createInterface } from "node:readline";
import calculator from "sms-segments-calculator";
import splitSms from "split-sms";

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { text } = JSON.parse(line);
  const twilio = new calculator.SegmentedMessage(text, "auto", false);
  const split = splitSms.split(text, { summary: true });
  console.log(JSON.stringify({
    encoding: twilio.encodingName === "GSM-7" ? "gsm7" : "ucs2",
    segments_code_point: split.parts.length,
    segments_grapheme: twilio.segmentsCount,
  }));
}
