import assert from "node:assert/strict";
import fc from "fast-check";
import { column, tableOf } from "./support";
import { dateStyleOf, parseDate } from "../../../src/data/readers/dates";

describe("dates", () => {
  it("are days since 1970-01-01", () => {
    const cases: [text: string, iso: string][] = [
      ["1970-01-01", "1970-01-01T00:00:00Z"],
      ["2012/1/3", "2012-01-03T00:00:00Z"],
      ["2000-02-29", "2000-02-29T00:00:00Z"],
      ["31.12.1999", "1999-12-31T00:00:00Z"],
      ["12/31/99", "1999-12-31T00:00:00Z"],
      ["31/12/68", "2068-12-31T00:00:00Z"],
      ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
      ["2012-01-31 12:30", "2012-01-31T12:30:00Z"],
      ["2012-01-31T12:30:15.125+02:00", "2012-01-31T10:30:15.125Z"],
      ["1/31/2012 12:05 am", "2012-01-31T00:05:00Z"],
      ["1/31/2012 1:05 PM", "2012-01-31T13:05:00Z"],
      ["3 Jan 2012", "2012-01-03T00:00:00Z"],
      ["03-Feb-12", "2012-02-03T00:00:00Z"],
      ["January 3, 2012", "2012-01-03T00:00:00Z"],
      ["2012-03", "2012-03-01T00:00:00Z"],
      ["Sept. 2012", "2012-09-01T00:00:00Z"],
    ];
    for (const [text, iso] of cases) {
      const style = dateStyleOf([text]);
      assert(style, text);
      assert.equal(parseDate(text, style), Date.parse(iso) / 86_400_000, text);
    }
  });

  it("are counted as Date counts them", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1200-01-01"), max: new Date("3000-12-31"), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          assert.equal(parseDate(day, { dayFirst: false }), Date.parse(day) / 86_400_000);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("are none where no calendar or clock shows them", () => {
    const others = [
      "2012",
      "monday",
      "1-2",
      "12:30",
      "may be",
      "Market 2020",
      "3 Marvel 2020",
      "10.0.0.1.2",
      "2012-01-31x",
    ];
    const impossible = ["2011-02-29", "2012-13-01", "0/1/2012", "31/31/2012", "2012-01-01 25:00", "2012-00"];
    for (const text of [...others, ...impossible, "1/1/2012 13:00 PM"])
      assert.equal(dateStyleOf([text]), null, text);
  });

  it("are those of every month, in full and shortened", () => {
    for (let month = 0; month < 12; month++) {
      const first = new Date(Date.UTC(2020, month, 1));
      const name = first.toLocaleString("en-US", { month: "long", timeZone: "UTC" });
      for (const text of [`${name} 2020`, `${name.slice(0, 3)} 2020`, `1 ${name.toUpperCase()} 2020`])
        assert.equal(parseDate(text, { dayFirst: true }), first.getTime() / 86_400_000, text);
    }
  });

  it("keep to one order of day and month in a column", () => {
    assert.deepEqual(dateStyleOf(["1/2/2012", "13/2/2012"]), { dayFirst: true, guessed: false });
    assert.deepEqual(dateStyleOf(["1.2.2012", "2.13.2012"]), { dayFirst: false, guessed: false });
    assert.deepEqual(dateStyleOf(["1/2/2012"]), { dayFirst: false, guessed: true });
    assert.deepEqual(dateStyleOf(["1.2.2012"]), { dayFirst: true, guessed: true });
    assert.equal(dateStyleOf(["1/13/2012", "13/1/2012"]), null);
    assert.deepEqual(dateStyleOf(["2012-01-02"]), { dayFirst: true, guessed: false });
  });

  it("may prove the order after more texts than are kept", async () => {
    const stamps = Array.from({ length: 70_000 }, (_, second) => {
      const time = new Date(second * 1000).toISOString().slice(11, 19);
      return `01/02/2021 ${time}`;
    });
    for (const [last, iso] of [
      ["13/02/2021", "2021-02-01"],
      ["02/13/2021", "2021-01-02"],
    ]) {
      const table = await tableOf(`d\n${stamps.join("\n")}\n${last}\n`);
      const d = column(table, "d");
      assert(d.kind === "date");
      assert.equal(d.values[0], Date.parse(iso) / 86_400_000);
      assert.equal(d.values[69_999] > d.values[0], true);
      assert.equal(d.values.length, 70_001);
      assert.deepEqual(table.notes, []);
      assert.equal(d.written?.otherwise, null);
    }
    const guessed = await tableOf(`d\n${stamps.join("\n")}\n`);
    assert.match(guessed.notes.join(), /read with the month first/);
  });
});
