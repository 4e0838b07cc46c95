import assert from "node:assert/strict";
import fc from "fast-check";
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
    const others = ["2012", "monday", "1-2", "12:30", "may be", "10.0.0.1.2", "2012-01-31x"];
    const impossible = ["2011-02-29", "2012-13-01", "0/1/2012", "31/31/2012", "2012-01-01 25:00", "2012-00"];
    for (const text of [...others, ...impossible, "1/1/2012 13:00 PM"])
      assert.equal(dateStyleOf([text]), null, text);
  });

  it("keep to one order of day and month in a column", () => {
    assert.deepEqual(dateStyleOf(["1/2/2012", "13/2/2012"]), { dayFirst: true, guessed: false });
    assert.deepEqual(dateStyleOf(["1.2.2012", "2.13.2012"]), { dayFirst: false, guessed: false });
    assert.deepEqual(dateStyleOf(["1/2/2012"]), { dayFirst: false, guessed: true });
    assert.deepEqual(dateStyleOf(["1.2.2012"]), { dayFirst: true, guessed: true });
    assert.equal(dateStyleOf(["1/13/2012", "13/1/2012"]), null);
    assert.deepEqual(dateStyleOf(["2012-01-02"]), { dayFirst: true, guessed: false });
  });
});
