# genaiops: LLM operations in the database.
#
#   make, make install, make installcheck   as with every PGXS extension; the
#       running server needs shared_preload_libraries = 'genaiops'
#   make demo, make demo-stop               a private cluster and the main job
#   make test                               every kind of test, from nothing
#   make test-matrix                        the same on Debian 12, 13 and sid
#   make test-drivers                       programs of all drivers and tools
#   make lint | bench | fuzz                see CONTRIBUTING.md

EXTENSION   = genaiops
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" genaiops.control)
MODULE_big  = genaiops
SOURCES     = $(sort $(wildcard src/*.c src/*/*.c src/core/*/*.c))
INCLUDES    = $(sort $(wildcard src/*.h src/*/*.h src/core/*/*.h))
OBJS        = $(SOURCES:.c=.o)

PG_CPPFLAGS = -Isrc -DGENAIOPS_VERSION='"$(EXTVERSION)"' '-DPGDLLEXPORT=__attribute__((visibility("default")))'
PG_CFLAGS   = -std=gnu11 -fvisibility=hidden -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Werror=implicit-function-declaration $(WERROR)
SHLIB_LINK  = -lcurl -ljson-c -lsodium -lunistring -lz

# The install script is joined from its parts; an update script is a file of
# DDL deltas, the tables that are new, which updates/OLD--NEW.tables lists, and the
# same re-runnable parts. What rooms list of rights goes
# into gaiops.rights(). Scripts of released versions are kept as they were: an older
# dump is restored through them.
SQL_TABLES  = $(patsubst %,sql/%.sql,$(shell cat sql/tables.order 2>/dev/null))
SQL_RERUN   = $(sort $(wildcard sql/*/functions/*.sql)) $(patsubst %,sql/%.sql,$(shell cat sql/views.order 2>/dev/null)) sql/grants.sql
RIGHTS      = $(sort $(wildcard sql/*/rights.list))
FILL_RIGHTS = $(RIGHTS:%=-e '/^\# right, kind, object$$/r %')
INSTALL_SQL = sql/$(EXTENSION)--$(EXTVERSION).sql
UPDATE_SQL  = $(patsubst sql/updates/%.sql,sql/$(EXTENSION)--%.sql,$(wildcard sql/updates/*--*.sql))
DATA        = $(sort $(wildcard sql/releases/*--*.sql))
DATA_built  = $(INSTALL_SQL) $(UPDATE_SQL)

REGRESS        = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS   = --inputdir=test --load-extension=$(EXTENSION)
ISOLATION      = $(patsubst test/isolation/specs/%.spec,%,$(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=$(EXTENSION)
TAP_TESTS      = 1
PROVE_TESTS    = test/t/*.pl

.DEFAULT_GOAL := all

PG_CONFIG ?= pg_config
PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))
ifneq ($(PGXS),)
include $(PGXS)
$(OBJS): $(INCLUDES) Makefile genaiops.control
else
all install installcheck:
	$(error no PostgreSQL server headers: install postgresql-server-dev-17 or that of another version, set PG_CONFIG, or run "make demo", which installs what is missing)
clean distclean:
endif

$(INSTALL_SQL): sql/header.sql $(SQL_TABLES) $(SQL_RERUN) $(RIGHTS) genaiops.control
	cat $(filter %.sql,$^) | sed -e 's/^CREATE OR REPLACE /CREATE /' $(FILL_RIGHTS) > $@

sql/$(EXTENSION)--%.sql: sql/updates/%.sql sql/header.sql $(wildcard sql/updates/*.tables) $(SQL_TABLES) $(SQL_RERUN) $(RIGHTS)
	cat sql/header.sql $< $$(sed 's|.*|sql/&.sql|' sql/updates/$*.tables 2>/dev/null) $(SQL_RERUN) | sed $(FILL_RIGHTS) > $@

# All below works before PostgreSQL is installed; see CONTRIBUTING.md.
.PHONY: demo demo-stop test test-matrix test-drivers lint bench catalog fuzz clean-scripts distclean-scripts
demo:              ; @scripts/demo
demo-stop:         ; @scripts/demo stop
test:              ; @scripts/test $(KINDS)
test-matrix:       ; @scripts/matrix
test-drivers:      ; @scripts/test drivers
lint:              ; @scripts/lint
bench:             ; @BASE="$(BASE)" scripts/bench
catalog:           ; @BASE="$(BASE)" scripts/catalog
fuzz:              ; @scripts/install build test && $(MAKE) -C test/fuzz long
clean-scripts:     ; @scripts/clean
distclean-scripts: ; @scripts/clean all
clean:     clean-scripts
distclean: distclean-scripts
