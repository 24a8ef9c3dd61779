package slackapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim"
)

// mayCreate is an office whose app may make private channels.
func mayCreate(t *testing.T, beliefs slacksim.Beliefs) *office {
	t.Helper()
	return newOfficeOf(t, slacksim.Config{Scopes: append(slacksim.DefaultScopes(), "groups:write"), Beliefs: beliefs})
}

// created makes a private channel.
func (o *office) created(name string) string {
	o.t.Helper()
	id, err := o.CreatePrivateChannel(o.t.Context(), name)
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func TestPrivateChannelHasItsPeopleAlone(t *testing.T) {
	t.Parallel()
	o := mayCreate(t, slacksim.Beliefs{})
	id := o.created("ticket-42")
	people := []string{o.person("alice"), o.person("carol")}
	for range 2 { // to be there already is no refusal
		if refused, err := o.Invite(t.Context(), id, people); len(refused) > 0 || err != nil {
			t.Fatalf("%v cannot come: %v", refused, err)
		}
	}
	if err := o.SetTopic(t.Context(), id, "Ticket #42"); err != nil {
		t.Error(err)
	}
	if err := o.SetPurpose(t.Context(), id, "For its people"); err != nil {
		t.Error(err)
	}
	c := o.sim.State().Channel(id)
	if !c.Private || c.Name != "ticket-42" || c.Topic != "Ticket #42" || c.Purpose != "For its people" {
		t.Errorf("the channel is %+v", c)
	}
	for range 2 {
		if err := o.RemoveMember(t.Context(), id, o.person("carol")); err != nil {
			t.Error(err)
		}
	}
	members, err := o.ChannelMembers(t.Context(), id)
	if diff := cmp.Diff([]string{o.sim.State().BotUserID, o.person("alice")}, members); diff != "" || err != nil {
		t.Errorf("in it (-want +got):\n%s%v", diff, err)
	}
}

// One person who cannot come keeps nobody else out.
func TestWhoCannotBeInvited(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]map[string]string{
		"guests are refused": {"erin": "user_is_restricted", "gina": "ura_max_channels", "left": "cant_invite", "stranger": "no_external_invite_permission"},
		"guests come":        {"gina": "ura_max_channels", "left": "cant_invite", "stranger": "no_external_invite_permission"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := mayCreate(t, slacksim.Beliefs{GuestsInvited: name == "guests come"})
			invited := []string{o.person("alice"), o.person("erin")}
			for _, p := range []slacksim.Person{{Name: "gina", UltraRestricted: true}, {Name: "left", Deactivated: true}, {Name: "stranger", TeamID: "T0OTHER"}} {
				made, err := o.slack.CreatePerson(t.Context(), p)
				if err != nil {
					t.Fatal(err)
				}
				invited = append(invited, made.ID)
			}
			id := o.created("ticket-42")
			refused, err := o.Invite(t.Context(), id, append(invited, o.person("bob")))
			got := map[string]string{}
			for person, code := range refused {
				got[o.sim.State().Person(person).Name] = code
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			members := o.sim.State().Channel(id).Members
			if !slices.Contains(members, o.person("alice")) || !slices.Contains(members, o.person("bob")) || slices.Contains(members, o.person("left")) {
				t.Errorf("in the channel are %v", members)
			}
		})
	}
}

// An archived channel is over for the bot, whether Slack leaves the bot in it or not.
func TestArchivedChannelIsOver(t *testing.T) {
	t.Parallel()
	for code, beliefs := range map[string]slacksim.Beliefs{"is_archived": {}, "channel_not_found": {ArchiveTakesOut: true}} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			o := mayCreate(t, beliefs)
			id := o.created("ticket-42")
			if err := o.Archive(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if err := o.Archive(t.Context(), id); err != nil && CodeOf(err) != code {
				t.Errorf("archived again: %v", err)
			}
			_, err := o.Invite(t.Context(), id, []string{o.person("bob")})
			if CodeOf(err) != code || ScopeOf(err) != Channel {
				t.Errorf("inviting: %s, %v", ScopeOf(err), err)
			}
			if _, err := o.CreatePrivateChannel(t.Context(), "ticket-42"); CodeOf(err) != "name_taken" || ScopeOf(err) != Refused {
				t.Errorf("its name again: %s, %v", ScopeOf(err), err)
			}
		})
	}
}

func TestChannelThatCannotBeMade(t *testing.T) {
	t.Parallel()
	o := mayCreate(t, slacksim.Beliefs{})
	for name, code := range map[string]string{
		"": "invalid_name_required", strings.Repeat("x", 81): "invalid_name_maxlength", "Ticket 42": "invalid_name_specials",
		"--": "invalid_name_punctuation", "support": "name_taken",
	} {
		if _, err := o.CreatePrivateChannel(t.Context(), name); CodeOf(err) != code || ScopeOf(err) != Refused {
			t.Errorf("%q: %s, %v; want %s", name, ScopeOf(err), err, code)
		}
	}
	if err := o.SetTopic(t.Context(), o.channel("support"), "x"); CodeOf(err) != "missing_scope" || ScopeOf(err) != Call {
		t.Errorf("of a public channel: %v", err)
	}
	o.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "restricted_action", Method: "conversations.create", Count: 1})
	if _, err := o.CreatePrivateChannel(t.Context(), "ticket-42"); ScopeOf(err) != Call {
		t.Errorf("which admins forbid: %s, %v", ScopeOf(err), err)
	}
	without := newOffice(t)
	if _, err := without.CreatePrivateChannel(t.Context(), "ticket-42"); CodeOf(err) != "missing_scope" || ScopeOf(err) != Call {
		t.Errorf("without the scope: %v", err)
	}
}
