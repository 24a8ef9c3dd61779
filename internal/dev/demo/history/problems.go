package history

import (
	"embed"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed problems/*.yaml
var problemFiles embed.FS

// problem is a problem that occurs again and again. Its texts have gaps in braces for the
// parts that vary.
type problem struct {
	Category string   `yaml:"-"`
	Priority string   `yaml:"priority"`
	Title    string   `yaml:"title"`
	Also     []string `yaml:"also"` // other titles that people give it
	Text     string   `yaml:"text"`
	Ask      string   `yaml:"ask"`    // the engineer's question
	Answer   string   `yaml:"answer"` // what the requester says then
	Fix      string   `yaml:"fix"`    // the solution, as a part of a sentence
	How      string   `yaml:"how"`    // a ticket.Solution
}

// problems reads the files, ordered by name.
func problems() ([]problem, error) {
	names, err := fs.Glob(problemFiles, "problems/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing the problems: %w", err)
	}
	var all []problem
	for _, name := range names {
		data, err := problemFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the problems: %w", err)
		}
		var file struct {
			Category string    `yaml:"category"`
			Problems []problem `yaml:"problems"`
		}
		if err := yaml.Unmarshal(data, &file); err != nil {
			return nil, fmt.Errorf("reading the problems in %s: %w", name, err)
		}
		for _, p := range file.Problems {
			p.Category = file.Category
			all = append(all, p)
		}
	}
	return all, nil
}

var (
	markets   = []string{"Ireland", "France", "Spain", "Portugal", "Belgium", "Denmark", "Norway", "Canada", "Switzerland", "Austria"}
	carriers  = []string{"Northbound", "ParcelOne", "Swift Freight", "Postline"}
	customers = []string{
		"Mrs Okafor", "Mr Lindqvist", "Ms Fernandes", "Brightwater Studio", "Hotel Marlow", "Mr de Vries", "Ms Novak", "Kettle and Sons",
		"Mrs Iyer", "Mr Brannigan", "Garden Office Ltd", "Ms Haddad", "Lakeside School", "Mr Petersen", "Mrs Whitlock", "Atelier Roux",
	}
	articles = []string{"LAMP-210", "CHAIR-044", "VASE-317", "DESK-090", "RUG-552", "CLOCK-128", "SHELF-073", "MUG-006", "THROW-231"}
	vouchers = []string{"WELCOME10", "SPRING15", "THANKYOU5", "FRIENDS20"}
)

// fill fills the gaps of all texts of the problem with the same values. filed is the time
// of filing in the company's zone.
func (p problem) fill(rng *rand.Rand, filed time.Time) problem {
	noticed := filed.Add(-between(rng, 15*time.Minute, 50*time.Minute)).Truncate(5 * time.Minute)
	gaps := strings.NewReplacer(
		"{order}", fmt.Sprint(41000+rng.IntN(9000)),
		"{amount}", fmt.Sprintf("£%d.%02d", 18+rng.IntN(900), rng.IntN(100)),
		"{digits}", fmt.Sprint(1000+rng.IntN(9000)),
		"{n}", fmt.Sprint(3+rng.IntN(35)),
		"{gate}", fmt.Sprint(1+rng.IntN(6)),
		"{clock}", noticed.Format("15:04"),
		"{day}", anotherDay(rng, filed.Weekday()).String(),
		"{month}", pick(rng, []string{"last month", "last quarter"}),
		"{market}", pick(rng, markets), "{carrier}", pick(rng, carriers), "{customer}", pick(rng, customers),
		"{sku}", pick(rng, articles), "{voucher}", pick(rng, vouchers),
	)
	p.Title = pick(rng, append([]string{p.Title}, p.Also...))
	for _, text := range []*string{&p.Title, &p.Text, &p.Ask, &p.Answer, &p.Fix} {
		*text = gaps.Replace(*text)
	}
	return p
}

// anotherDay is a working day other than today, since people call today by that word.
func anotherDay(rng *rand.Rand, today time.Weekday) time.Weekday {
	for {
		if day := pick(rng, []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}); day != today {
			return day
		}
	}
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// between is a time from lo to hi, in whole seconds.
func between(rng *rand.Rand, lo, hi time.Duration) time.Duration {
	return (lo + time.Duration(rng.Int64N(int64(hi-lo)+1))).Truncate(time.Second)
}
