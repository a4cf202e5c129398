/*
 * edits.c
 *		Which pieces have to go from one text, and come in, to make another.
 *
 * A pair of places, x in the old text and y in the new one, is a point.
 * Paths lead from the upper left point to the lower right one: a step right
 * is a piece that goes, a step down one that comes in, and a step along a
 * diagonal (x - y) keeps a piece.  reach[EDITS_OLD][d] says how far right, on
 * diagonal d, a path from the upper left comes with so many changes, and
 * reach[EDITS_NEW][d] how far left one from the lower right.  Places count
 * kept pieces alone.
 */
#include "core/diff/edits.h"

#include <string.h>

/* So many places of the table are looked at for a class, and not more. */
#define MAX_PROBES	1000

/* How many pieces are looked at between two interrupt checks. */
#define CHECK_EVERY 4096

struct EditsClass
{
	const char *text;
	int32_t		len;
	bool		is_in[2];		/* which texts have it */
};

/* The points from (x0, y0) to (x1, y1). */
typedef struct Box
{
	int32_t		x0;
	int32_t		y0;
	int32_t		x1;
	int32_t		y1;
} Box;

/* Between which diagonals the paths from one corner are, every other one. */
typedef struct Front
{
	int32_t		low;
	int32_t		high;
} Front;

/* A point where a box is cut in two. */
typedef struct Cut
{
	int32_t		x;
	int32_t		y;
	bool		is_late;		/* only the part behind it is known to be cheap */
} Cut;

void
edits_init(Edits *edits, Arena *arena, void (*check_interrupts) (void))
{
	memset(edits, 0, sizeof(*edits));
	edits->arena = arena;
	edits->check_interrupts = check_interrupts;
}

static void
check_interrupts(const Edits *edits)
{
	if (edits->check_interrupts != NULL)
		edits->check_interrupts();
}

/* ---- cutting ---- */

/* Makes room for n pieces of a side.  Returns false if memory is short. */
static bool
reserve_side(Edits *edits, EditsSide *side, int32_t n)
{
	size_t		size = n > side->size * 2 ? n : side->size * 2;
	bool	   *changed;

	if (n <= side->size && side->starts != NULL)
		return true;
	side->size = 0;
	side->starts = arena_alloc(edits->arena, (size + 1) * sizeof(*side->starts));
	side->classes = arena_alloc(edits->arena, (size + 1) * sizeof(*side->classes));
	side->kept = arena_alloc(edits->arena, (size + 1) * sizeof(*side->kept));
	changed = arena_alloc(edits->arena, (size + 2) * sizeof(*changed));
	if (arena_is_exhausted(edits->arena))
		return false;
	side->changed = changed + 1;
	side->size = (int32_t) size;
	return true;
}

bool
edits_cut(Edits *edits, int which, const char *text, size_t len,
		  EditsPieceLength piece_length)
{
	EditsSide  *side = &edits->sides[which];
	int32_t		n = 0;

	if (len > EDITS_MAX_LENGTH)
		return false;
	for (size_t at = 0; at < len; at += piece_length(text + at, len - at))
		n++;
	if (!reserve_side(edits, side, n))
		return false;
	side->text = text;
	side->n = 0;
	for (size_t at = 0; at < len; at += piece_length(text + at, len - at))
		side->starts[side->n++] = (int32_t) at;
	side->starts[n] = (int32_t) len;
	side->changed[n] = false;
	return true;
}

/* ---- classes ---- */

/* Whether a piece of one side is equal to one of the same or another side. */
static bool
are_equal(const EditsSide *side, int32_t piece, const EditsSide *other, int32_t other_piece)
{
	size_t		len;
	size_t		other_len;
	const char *text = edits_piece(side, piece, &len);
	const char *other_text = edits_piece(other, other_piece, &other_len);

	return len == other_len && memcmp(text, other_text, len) == 0;
}

/* Counts the pieces that are equal at both ends of the texts. */
static void
find_ends(Edits *edits)
{
	const EditsSide *old = &edits->sides[EDITS_OLD];
	const EditsSide *new = &edits->sides[EDITS_NEW];
	int32_t		most = old->n < new->n ? old->n : new->n;

	edits->head = 0;
	while (edits->head < most && are_equal(old, edits->head, new, edits->head))
		edits->head++;
	edits->tail = 0;
	while (edits->tail < most - edits->head &&
		   are_equal(old, old->n - 1 - edits->tail, new, new->n - 1 - edits->tail))
		edits->tail++;
}

/*
 * Makes room to compare so many pieces of both sides.  Returns false if memory
 * is short.
 */
static bool
reserve_comparison(Edits *edits, int32_t n)
{
	size_t		size = n > edits->size * 2 ? n : edits->size * 2;
	size_t		slots = 16;

	if (n > edits->size || edits->table == NULL)
	{
		while (slots < size * 2)
			slots *= 2;
		edits->size = 0;
		edits->classes = arena_alloc(edits->arena, (size + 1) * sizeof(*edits->classes));
		edits->table = arena_alloc(edits->arena, slots * sizeof(*edits->table));
		for (int i = 0; i < 2; i++)
			edits->reach[i] = arena_alloc(edits->arena, (size + 3) * sizeof(*edits->reach[i]));
		if (arena_is_exhausted(edits->arena))
			return false;
		edits->size = (int32_t) size;
	}
	/* As few of them as will do, so that short texts are compared quickly. */
	for (slots = 16; slots < (size_t) n * 2;)
		slots *= 2;
	edits->table_mask = (uint32_t) (slots - 1);
	memset(edits->table, 0, slots * sizeof(*edits->table));
	edits->nclasses = 0;
	return true;
}

/* FNV-1a, its upper half mixed in. */
static uint32_t
hash_piece(const char *text, size_t len)
{
	uint64_t	hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) text[i]) * UINT64_C(1099511628211);
	return (uint32_t) (hash ^ hash >> 32);
}

/*
 * Returns the class of a piece, a new one if it is unlike all before.  Where
 * too many hashes are alike it may be new to no purpose: the piece then
 * counts as changed, and time stays bounded.
 */
static int32_t
find_class(Edits *edits, const char *text, size_t len)
{
	uint32_t	hash = hash_piece(text, len);
	EditsClass *class;

	for (uint32_t probe = 0; probe < MAX_PROBES; probe++)
	{
		int32_t    *slot = &edits->table[(hash + probe) & edits->table_mask];

		if (*slot == 0)
		{
			*slot = edits->nclasses + 1;
			break;
		}
		class = &edits->classes[*slot - 1];
		if ((size_t) class->len == len && memcmp(class->text, text, len) == 0)
			return *slot - 1;
	}
	class = &edits->classes[edits->nclasses];
	class->text = text;
	class->len = (int32_t) len;
	memset(class->is_in, 0, sizeof(class->is_in));
	return edits->nclasses++;
}

/* Finds the classes of the pieces of a side, but for those at its ends. */
static void
classify(Edits *edits, int which)
{
	EditsSide  *side = &edits->sides[which];

	for (int32_t i = edits->head; i < side->n - edits->tail; i++)
	{
		size_t		len;
		const char *text = edits_piece(side, i, &len);

		side->classes[i] = find_class(edits, text, len);
		edits->classes[side->classes[i]].is_in[which] = true;
		if (i % CHECK_EVERY == 0)
			check_interrupts(edits);
	}
}

/*
 * Notes which pieces of a side the other one has too; the others are changed.
 */
static void
keep_common(Edits *edits, int which)
{
	EditsSide  *side = &edits->sides[which];

	side->nkept = 0;
	memset(side->changed, 0, (size_t) side->n * sizeof(*side->changed));
	for (int32_t i = edits->head; i < side->n - edits->tail; i++)
	{
		int32_t		class = side->classes[i];

		side->changed[i] = !edits->classes[class].is_in[!which];
		if (!side->changed[i])
		{
			side->kept[side->nkept].piece = i;
			side->kept[side->nkept++].class = class;
		}
	}
}

/* ---- searching ---- */

/* Whether the kept pieces at a point are equal. */
static inline bool
is_match(const Edits *edits, int32_t x, int32_t y)
{
	return edits->sides[EDITS_OLD].kept[x].class == edits->sides[EDITS_NEW].kept[y].class;
}

/* Whether the paths on a diagonal are among those of a front. */
static inline bool
is_within(const Front *front, int32_t diagonal)
{
	return front->low <= diagonal && diagonal <= front->high;
}

/*
 * Takes the paths from the upper left one change further.  Returns whether one
 * met a path from the lower right, with the point in *cut; if not is_odd, they
 * cannot meet now.
 */
static bool
advance_forward(const Edits *edits, const Box *box, Front *front, const Front *other,
				bool is_odd, Cut *cut)
{
	int32_t    *reach = edits->reach[EDITS_OLD];

	/* Diagonals that touch the box at a corner lead nowhere. */
	if (front->low > box->x0 - box->y1)
		reach[--front->low - 1] = -1;
	else
		front->low++;
	if (front->high < box->x1 - box->y0)
		reach[++front->high + 1] = -1;
	else
		front->high--;
	for (int32_t d = front->high; d >= front->low; d -= 2)
	{
		int32_t		x = reach[d - 1] < reach[d + 1] ? reach[d + 1] : reach[d - 1] + 1;

		while (x < box->x1 && x - d < box->y1 && is_match(edits, x, x - d))
			x++;
		reach[d] = x;
		if (is_odd && is_within(other, d) && edits->reach[EDITS_NEW][d] <= x)
		{
			*cut = (Cut){x, x - d, false};
			return true;
		}
	}
	return false;
}

/* The same from the lower right, where paths meet if not is_odd. */
static bool
advance_backward(const Edits *edits, const Box *box, Front *front, const Front *other,
				 bool is_odd, Cut *cut)
{
	int32_t    *reach = edits->reach[EDITS_NEW];

	if (front->low > box->x0 - box->y1)
		reach[--front->low - 1] = INT32_MAX;
	else
		front->low++;
	if (front->high < box->x1 - box->y0)
		reach[++front->high + 1] = INT32_MAX;
	else
		front->high--;
	for (int32_t d = front->high; d >= front->low; d -= 2)
	{
		int32_t		x = reach[d - 1] < reach[d + 1] ? reach[d - 1] : reach[d + 1] - 1;

		while (x > box->x0 && x - d > box->y0 && is_match(edits, x - 1, x - d - 1))
			x--;
		reach[d] = x;
		if (!is_odd && is_within(other, d) && edits->reach[EDITS_OLD][d] >= x)
		{
			*cut = (Cut){x, x - d, false};
			return true;
		}
	}
	return false;
}

/*
 * Cuts a box where a path from either corner came furthest.  A path may have
 * left the box, and then counts up to its edge, where it is no dearer.
 */
static Cut
cut_at_furthest(const Edits *edits, const Box *box, const Front *forward, const Front *backward)
{
	Cut			cut = {box->x0, box->y0, false};
	int32_t		gain = 0;

	for (int32_t d = forward->low; d <= forward->high; d += 2)
	{
		int32_t		x = edits->reach[EDITS_OLD][d];

		x = x < box->x1 ? x : box->x1;
		x = x - d < box->y1 ? x : box->y1 + d;
		if (x - box->x0 + x - d - box->y0 > gain)
		{
			gain = x - box->x0 + x - d - box->y0;
			cut = (Cut){x, x - d, false};
		}
	}
	for (int32_t d = backward->low; d <= backward->high; d += 2)
	{
		int32_t		x = edits->reach[EDITS_NEW][d];

		x = x > box->x0 ? x : box->x0;
		x = x - d > box->y0 ? x : box->y0 + d;
		if (box->x1 - x + box->y1 - (x - d) > gain)
		{
			gain = box->x1 - x + box->y1 - (x - d);
			cut = (Cut){x, x - d, true};
		}
	}
	return cut;
}

/*
 * Finds where to cut a box, in neither corner: at a point of a shortest path,
 * or, when that is too far to seek, on the way to a point that is near to one
 * corner.
 */
static Cut
find_cut(const Edits *edits, const Box *box)
{
	Front		forward = {box->x0 - box->y0, box->x0 - box->y0};
	Front		backward = {box->x1 - box->y1, box->x1 - box->y1};
	bool		is_odd = (forward.low - backward.low) % 2 != 0;
	Cut			cut;

	edits->reach[EDITS_OLD][forward.low] = box->x0;
	edits->reach[EDITS_NEW][backward.low] = box->x1;
	for (int32_t cost = 1; cost <= edits->max_cost; cost++)
	{
		check_interrupts(edits);
		if (advance_forward(edits, box, &forward, &backward, is_odd, &cut) ||
			advance_backward(edits, box, &backward, &forward, is_odd, &cut))
			return cut;
	}
	return cut_at_furthest(edits, box, &forward, &backward);
}

/* Takes what is equal at the ends of a box from it. */
static void
trim(const Edits *edits, Box *box)
{
	while (box->x0 < box->x1 && box->y0 < box->y1 && is_match(edits, box->x0, box->y0))
	{
		box->x0++;
		box->y0++;
	}
	while (box->x0 < box->x1 && box->y0 < box->y1 && is_match(edits, box->x1 - 1, box->y1 - 1))
	{
		box->x1--;
		box->y1--;
	}
}

/*
 * Notes what has changed in a box.  Calls itself only for parts with no more
 * than 2 * max_cost changes, and then with half of them: not deep.
 */
static void
compare_box(const Edits *edits, Box box)
{
	const EditsSide *old = &edits->sides[EDITS_OLD];
	const EditsSide *new = &edits->sides[EDITS_NEW];

	for (trim(edits, &box); box.x0 < box.x1 && box.y0 < box.y1; trim(edits, &box))
	{
		Cut			cut = find_cut(edits, &box);
		Box			before = {box.x0, box.y0, cut.x, cut.y};
		Box			behind = {cut.x, cut.y, box.x1, box.y1};

		compare_box(edits, cut.is_late ? behind : before);
		box = cut.is_late ? before : behind;
	}
	for (int32_t x = box.x0; x < box.x1; x++)
		old->changed[old->kept[x].piece] = true;
	for (int32_t y = box.y0; y < box.y1; y++)
		new->changed[new->kept[y].piece] = true;
}

/* ---- sliding ---- */

/* Moves a run of changes, and how far the other side is, one piece up. */
static void
slide_up(EditsSide *side, const EditsSide *other, int32_t *start, int32_t *end, int32_t *place)
{
	side->changed[--*start] = true;
	side->changed[--*end] = false;
	do
		--*place;
	while (other->changed[*place]);
}

/*
 * Moves the run of changes [start, end) of a side up as far as it goes or to
 * the run before it, which it joins; then down as far as it goes, joining
 * those it meets; then back up to the last place where the other side has
 * changes too, if it came by one.  *place is how far the other side is:
 * behind its changes that are at the same place.  Returns the new end of the
 * run.
 */
static int32_t
slide_run(EditsSide *side, const EditsSide *other, int32_t start, int32_t end, int32_t *place)
{
	int32_t		anchor;

	while (start > 0 && !side->changed[start - 1] && are_equal(side, start - 1, side, end - 1))
		slide_up(side, other, &start, &end, place);
	while (side->changed[start - 1])
		start--;
	anchor = other->changed[*place - 1] ? end : -1;
	while (end < side->n && are_equal(side, start, side, end))
	{
		side->changed[start++] = false;
		side->changed[end++] = true;
		if (side->changed[end])
			anchor = -1;		/* a run that was joined moves no further up */
		while (side->changed[end])
			end++;
		if (other->changed[++*place])
			anchor = end;
		while (other->changed[*place])
			++*place;
	}
	while (anchor >= 0 && end > anchor)
		slide_up(side, other, &start, &end, place);
	return end;
}

/* Slides each run of changes of a side. */
static void
slide_changes(EditsSide *side, const EditsSide *other)
{
	int32_t		i = 0;
	int32_t		place = 0;

	while (i < side->n)
	{
		int32_t		start = i;

		while (other->changed[place])
			place++;
		while (side->changed[i])
			i++;
		if (i > start)
			i = slide_run(side, other, start, i, &place);
		/* What is here, on both sides, has not changed. */
		i++;
		place++;
	}
}

bool
edits_compare(Edits *edits, int32_t max_cost)
{
	EditsSide  *old = &edits->sides[EDITS_OLD];
	EditsSide  *new = &edits->sides[EDITS_NEW];
	Box			whole = {0, 0, 0, 0};
	int32_t    *reach[2];

	find_ends(edits);
	if (!reserve_comparison(edits, old->n + new->n - 2 * (edits->head + edits->tail)))
		return false;
	classify(edits, EDITS_OLD);
	classify(edits, EDITS_NEW);
	keep_common(edits, EDITS_OLD);
	keep_common(edits, EDITS_NEW);
	whole.x1 = old->nkept;
	whole.y1 = new->nkept;
	edits->max_cost = max_cost > 0 ? max_cost : 1;

	/*
	 * Diagonals are numbered from minus the height, and one is beside each
	 * end.
	 */
	memcpy(reach, edits->reach, sizeof(reach));
	for (int i = 0; i < 2; i++)
		edits->reach[i] += new->nkept + 1;
	compare_box(edits, whole);
	memcpy(edits->reach, reach, sizeof(reach));
	slide_changes(old, new);
	slide_changes(new, old);
	return true;
}
