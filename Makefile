# Everything that is done with this checkout; `make help` says what. Scripts that it needs are in .ci and Tests/Tools.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help build install uninstall demo test check fmt docs asan bench samples acceptance fuzz clean

swift := .ci/with-swift swift
python := .venv/bin/python
# Real clips for `make bench`, which says so when the folder is not there, and for `make acceptance`, which fails then.
MEDIA ?= ../shared/media
# How many of pytest's workers judge at the same time: one more than there are cores, because judgements wait much.
JUDGES ?= $(shell echo $$(($$(nproc) + 1)))
# Paired runs of `make bench` (its first row takes 5, of five minutes each on two quiet cores); the encoders' preset; other options of bench.py.
RUNS ?=
SPEED ?= medium
BENCH ?=
# Options of Tests/Fuzz/fuzz.py.
FUZZ ?=

help:  ## Show this list.
	@sed -n 's/^\([a-z][a-z]*\):.*## /\1\t/p' Makefile | while IFS=$$'\t' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

build: .build/release/.made .build/release/.pages  ## Build .build/release/reelmill, .build/release/reelmill-server, and their manual pages.

# Where `make install` puts the programs: below DESTDIR, if one is given, for whoever makes a package of them.
PREFIX ?= /usr/local
DESTDIR ?=
programs := reelmill reelmill-server
installed := $(DESTDIR)$(PREFIX)
documents := $(installed)/share/doc/reelmill
articles := Sources/reelmill/Documentation.docc
pages := .build/release/pages

# The standard library is linked in, so that the programs run where the toolchain is not.
# Swift takes seconds to find that there is nothing to do; make knows at once.
.build/release/.made: Package.swift $(shell find Sources presets Tests/Bench/Upload -type f -not -name '*.md')
	@.ci/packages build
	$(swift) build -c release --static-swift-stdlib
	@touch $@

# The generator of ArgumentParser's plugin for manual pages, called as the plugin does. The plugin itself would build all programs anew, without
# the standard library in them: `swift package` has no option for that.
.build/release/.pages: .build/release/.made
	$(swift) build -c release --static-swift-stdlib --product generate-manual
	for program in $(programs); do \
	    install -d "$(pages)/$$program"; \
	    .build/release/generate-manual ".build/release/$$program" --output-directory "$(pages)/$$program" \
	        --date "$$(git log -1 --format=%cs 2>/dev/null || date +%F)"; \
	done
	@touch $@

install: build  ## Put programs, manual pages and completions below PREFIX (/usr/local); they need no Swift.
	install -d $(addprefix '$(installed)',/bin /share/man/man1 /share/bash-completion/completions /share/zsh/site-functions)
	install -d '$(installed)/share/fish/vendor_completions.d' '$(documents)/reference' '$(documents)/presets' '$(documents)/samples'
	install -m 755 $(programs:%=.build/release/%) '$(installed)/bin'
	install -m 644 $(foreach program,$(programs),$(pages)/$(program)/$(program).1) '$(installed)/share/man/man1'
	for program in $(programs); do \
	    umask 022; script=".build/release/$$program --generate-completion-script"; \
	    $$script bash >'$(installed)/share/bash-completion/completions/'"$$program"; \
	    $$script zsh >'$(installed)/share/zsh/site-functions/'"_$$program"; \
	    $$script fish >'$(installed)/share/fish/vendor_completions.d/'"$$program.fish"; \
	done
	install -m 644 README.md CHANGELOG.md LICENSE '$(documents)'
	install -m 644 $(articles)/*.md '$(documents)/reference'
	install -m 644 presets/*.yaml '$(documents)/presets'
	install -m 644 samples/manifest.yaml samples/page.png '$(documents)/samples'
	# The articles lie beside the README there.
	sed -i 's|$(articles)/|reference/|g' '$(documents)/README.md'
	sed -i 's|\.\./\.\./\.\./|../|g' '$(documents)'/reference/*.md

uninstall:  ## Take away what `make install` with the same PREFIX has put there.
	rm -f $(foreach program,$(programs),'$(installed)/bin/$(program)' '$(installed)/share/man/man1/$(program).1' \
	    '$(installed)/share/bash-completion/completions/$(program)' '$(installed)/share/zsh/site-functions/_$(program)' \
	    '$(installed)/share/fish/vendor_completions.d/$(program).fish')
	rm -rf '$(documents)'

samples: .build/release/.made  ## Make the sample clips and their manifest in demo/samples.
	.build/release/reelmill-samples demo/samples

demo: samples  ## Ingest the samples into demo/store and demo/catalog.sqlite; a second time finds all done.
	.build/release/reelmill run demo/samples/manifest.yaml --work demo/work
	@printf '\n%s\n  %s\n%s\n' 'To watch, start' '.build/release/reelmill-server --catalog sqlite:demo/catalog.sqlite' \
	    'and open http://127.0.0.1:8080/ in a browser.'

# Unit tests and judges share one build. It is a release build, so that what is judged is optimized as what users run is, and is done
# sooner. `-enable-testing` lets unit tests see what is internal, and REELMILL_TESTING compiles in the faults that judges ask for
# (Package.swift). Its folder is its own: in that of `make build` each of the two would undo the other's work, and `make install` would
# find the programs with the faults.
testing := -c release --scratch-path .build/testing -debug-info-format none -Xswiftc -enable-testing

test: export REELMILL_STRICT := 1
test: export REELMILL_TESTING := 1
test: check  ## Check, build with warnings as errors, run the unit tests, then the judges: ffmpeg, other parsers, a browser.
	@.ci/packages build test
	@Tests/Tools/environment
	$(swift) build --build-tests $(testing)
	Tests/Tools/unit-tests $(swift) test --skip-build $(testing)
	$(python) -m pytest Tests/Judges -n $(JUDGES) --dist loadgroup --no-loadscope-reorder --durations=15

check:  ## Check the formatting and the walls between the rooms, without building.
	@.ci/packages build
	$(swift) format lint --strict --recursive --parallel Package.swift Sources Tests
	@.ci/with-swift python3 .ci/walls.py

fmt:  ## Format all Swift sources.
	$(swift) format --in-place --recursive --parallel Package.swift Sources Tests

docs:  ## Build the reference as pages, in .build/documentation.
	@.ci/packages build
	@.ci/with-swift python3 .ci/docs.py

asan:  ## Run the bindings' and the transcoder's tests and one small title under AddressSanitizer and LeakSanitizer.
	@.ci/packages build test
	@.ci/with-swift Tests/Tools/sanitized

bench: .build/release/.made  ## Compare CPU, time and memory with ffmpeg, the bare encodes, other uploaders (RUNS=5, MEDIA=folder).
	@.ci/packages test bench
	@Tests/Tools/environment
	@Tests/Tools/environment .venv/bench Tests/Bench/requirements.txt
	$(python) Tests/Bench/bench.py $(RUNS:%=--runs %) --speed $(SPEED) --media $(MEDIA) $(BENCH)

acceptance: .build/release/.made  ## Put every real clip of MEDIA through the release build and judge what comes out.
	@.ci/packages test
	@Tests/Tools/environment
	$(python) Tests/Judges/acceptance.py --media $(MEDIA)

fuzz: .build/release/.made  ## Bend the clocks of flashes and beeps for ten minutes and judge what is published (FUZZ="--seed 1 --count 500").
	@.ci/packages test
	@Tests/Tools/environment
	REELMILL=.build/release/reelmill $(python) Tests/Fuzz/fuzz.py $(FUZZ)

clean:  ## Remove everything that was built or made here.
	rm -rf .build .venv demo
