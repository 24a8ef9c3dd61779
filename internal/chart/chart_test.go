package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/chart"
)

var update = flag.Bool("update", false, "write the golden files anew")

func hours(h float64) string {
	d := time.Duration(h * float64(time.Hour)).Round(time.Minute)
	if d < time.Hour {
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d h %02d", int(d.Hours()), int(d.Minutes())%60)
}

var weeks = []string{"7 Sep", "14 Sep", "21 Sep", "28 Sep", "5 Oct", "12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"}

func onTime(name, note string, kept, late []float64) chart.Panel {
	return chart.Panel{Name: name, Note: note, Series: []chart.Series{
		{Name: "on time", Values: kept}, {Name: "late", Tone: chart.Alert, Values: late},
	}}
}

func took(name string, median, p90 []float64) chart.Panel {
	return chart.Panel{Name: name, Series: []chart.Series{
		{Name: "half within", Values: median}, {Name: "nine of ten within", Tone: chart.Soft, Values: p90},
	}}
}

// sample has a chart of every shape.
func sample() chart.Picture {
	marks := []chart.Mark{{At: 3.4, Name: "1 Oct: target of P1"}, {At: 9.1, Name: "9 Nov: target of P2"}, {At: 9.2, Name: "10 Nov: opening hours"}}
	for i := range 20 {
		marks = append(marks, chart.Mark{At: float64(i*i)/33 + 0.3, Name: []string{"shop deployed", "login deployed"}[i%3/2], Many: true})
	}
	return chart.Picture{Charts: []chart.Chart{
		{Title: "On time and late, by week", Labels: weeks, Marks: marks, Panels: []chart.Panel{
			onTime("P1", "9 of 11 on time", []float64{1, 0, 2, 1, 0, 0, 1, 1, 2, 0, 1, 0}, []float64{0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0}),
			onTime("P2", "92 % on time", []float64{12, 14, 9, 20, 22, 18, 17, 12, 14, 15, 20, 21}, []float64{1, 2, 0, 3, 1, 0, 2, 4, 1, 1, 0, 3}),
			onTime("P3", "", []float64{30, 28, 33, 31, 40, 41, 38, 42, 39, 44, 41, 46}, []float64{3, 4, 1, 2, 5, 2, 1, 0, 2, 3, 1, 1}),
		}},
		{Title: "Time to solve, by week", Shape: chart.Lines, Write: hours, Labels: weeks, Panels: []chart.Panel{
			took("P1", []float64{0.7, chart.Absent, 0.5, 1, chart.Absent, chart.Absent, 0.9, 0.4, 0.6, chart.Absent, 0.8, chart.Absent}, []float64{0.7, chart.Absent, 1.2, 1, chart.Absent, chart.Absent, 0.9, 1.4, 0.8, chart.Absent, 0.8, chart.Absent}),
			took("P2", []float64{2, 2.2, 1.9, 2.4, 2.1, 1.8, 2, 2.6, 1.7, 1.8, 1.5, 1.6}, []float64{5, 5.5, 4.2, 6.1, 5.9, 5.0, 4.4, 7.9, 4.1, 4.4, 3.9, 5.2}),
		}},
		{Title: "Tickets and code changes, by category", Shape: chart.Bars,
			Labels: []string{"Billing", "Access & <login>", "A category whose name is far too long to fit on a phone"},
			Notes:  []string{"hard to understand", "", ""},
			Panels: []chart.Panel{{Series: []chart.Series{
				{Name: "tickets", Values: []float64{41, 17, 3}}, {Name: "code changes", Tone: chart.Soft, Values: []float64{2, 9, 0}},
			}}}},
		{Title: "Hours on duty, as a distribution", Labels: []string{"0 h", "8 h", "16 h", "24 h", "32 h", "40 h"}, Panels: []chart.Panel{
			{Name: "in hours", Series: []chart.Series{{Name: "people", Values: chart.Bins([]float64{3, 9, 10, 11, 18, 22, 45, -1}, []float64{0, 8, 16, 24, 32, 40})}}},
		}},
	}}
}

// The pictures can be looked at in testdata.
func TestPicturesAreAsTheyWereLookedAt(t *testing.T) {
	t.Parallel()
	for name, theme := range map[string]chart.Theme{"light": chart.Light, "dark": chart.Dark} {
		drawn, err := sample().PNG(theme)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, name+".png", drawn)
	}
	compare(t, "alt.txt", []byte(sample().Alt(100_000)+"\n\n"+sample().Alt(1000)))
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !same(got, want) {
		t.Errorf("%s is another one (%v). Look at it: go test ./internal/chart -update", path, err)
	}
}

// same reports whether two texts, or the dots of two pictures, are the same.
func same(a, b []byte) bool {
	first, err := png.Decode(bytes.NewReader(a))
	if err != nil {
		return bytes.Equal(a, b)
	}
	second, err := png.Decode(bytes.NewReader(b))
	return err == nil && reflect.DeepEqual(first, second)
}

func TestPNGHasDoubleDensity(t *testing.T) {
	t.Parallel()
	drawn, err := sample().PNG(chart.Light)
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(drawn))
	width, height := sample().Size()
	if err != nil || config.Width != 2*width || config.Height != 2*height || width != chart.Phone {
		t.Errorf("%+v, %v; want twice %d × %d", config, err, width, height)
	}
}

func TestSVGIsWellFormedAndSaysWhatItShows(t *testing.T) {
	t.Parallel()
	drawn, err := sample().SVG(chart.Dark)
	if err != nil {
		t.Fatal(err)
	}
	texts := textsOf(t, drawn)
	for _, want := range []string{"On time and late, by week", "Access & <login>", "7 h 54", "47", "2  9 Nov: target of P2, 10 Nov: opening hours"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no text %q in %q", want, texts)
		}
	}
	if !bytes.Contains(drawn, []byte(`role="img" aria-label="On time and late, by week, 7 Sep to 23 Nov. P1 on time: 1, 0, 2`)) {
		t.Errorf("no words for who does not see it: %.300s", drawn)
	}
}

// textsOf reads an SVG to its end.
func textsOf(t interface{ Fatal(...any) }, svg []byte) []string {
	var texts []string
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := token.(xml.CharData); ok {
			texts = append(texts, string(data))
		}
	}
}

// Whatever the numbers and names are: no text leaves the picture or touches another one, the SVG is well-formed, and
// each number of the table is in the words.
func TestAnyChart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := chart.Picture{Charts: rapid.SliceOfN(rapid.Custom(drawChart), 1, 3).Draw(t, "charts"), Width: rapid.SampledFrom([]int{0, chart.Page}).Draw(t, "width")}
		texts, canvas := p.Texts()
		for i, a := range texts {
			if !a.In(canvas) {
				t.Fatalf("%v leaves %v", a, canvas)
			}
			for _, b := range texts[:i] {
				if a.Overlaps(b.Inset(1)) {
					t.Fatalf("%v touches %v", a, b)
				}
			}
		}
		drawn, err := p.SVG(chart.Light)
		if err != nil {
			t.Fatal(err)
		}
		textsOf(t, drawn)
		for _, c := range p.Charts {
			complain(t, c, p.Alt(1_000_000))
		}
		if n := len([]rune(p.Alt(200))); n > 200 {
			t.Fatalf("%d letters", n)
		}
	})
}

func complain(t *rapid.T, c chart.Chart, alt string) {
	head, rows := c.Table()
	for _, row := range rows {
		if len(row) != len(head) {
			t.Fatalf("%d cells below %d", len(row), len(head))
		}
		for _, cell := range row[1:] {
			if !strings.Contains(alt, cell) {
				t.Fatalf("no %s in %s", cell, alt)
			}
		}
	}
}

func drawChart(t *rapid.T) chart.Chart {
	name := rapid.SampledFrom([]string{"P1", "Billing", "a & b <c>", "Ä long name of something that is hardly ever so long, is it", ""})
	c := chart.Chart{
		Title:  name.Draw(t, "title"),
		Shape:  rapid.SampledFrom([]chart.Shape{chart.Columns, chart.Lines, chart.Bars}).Draw(t, "shape"),
		Labels: rapid.SliceOfN(name, 0, 14).Draw(t, "labels"),
		Notes:  rapid.SliceOfN(name, 0, 3).Draw(t, "notes"),
	}
	value := rapid.Custom(func(t *rapid.T) float64 {
		return rapid.SampledFrom([]float64{0, 1, 2, 17, 1234567, 1e15, chart.Absent}).Draw(t, "value")
	})
	series := rapid.Custom(func(t *rapid.T) chart.Series {
		return chart.Series{Name: name.Draw(t, "series"), Tone: chart.Tone(rapid.IntRange(0, 2).Draw(t, "tone")), Values: rapid.SliceOfN(value, 0, 14).Draw(t, "values")}
	})
	for range rapid.IntRange(0, 4).Draw(t, "panels") {
		c.Panels = append(c.Panels, chart.Panel{Name: name.Draw(t, "panel"), Note: name.Draw(t, "note"), Series: rapid.SliceOfN(series, 0, 3).Draw(t, "all")})
	}
	if c.Shape == chart.Bars {
		c.Panels = c.Panels[:min(len(c.Panels), 1)]
	}
	for range rapid.IntRange(0, 12).Draw(t, "marks") {
		c.Marks = append(c.Marks, chart.Mark{At: rapid.Float64Range(-1, 15).Draw(t, "at"), Name: name.Draw(t, "mark"), Many: rapid.Bool().Draw(t, "many")})
	}
	return c
}

func TestBins(t *testing.T) {
	t.Parallel()
	got := chart.Bins([]float64{-1, 0, 7.9, 8, 100}, []float64{0, 8, 16})
	if !slices.Equal(got, []float64{2, 1, 1}) {
		t.Error(got)
	}
}
