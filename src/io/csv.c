#include "io/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define MAX_FILE ((size_t) 16 << 20)
#define MAX_FIELDS 64
#define N_NUMBERS 4

/* What a column holds. The four numbers come first: corners or a corner and a size. */
enum column
{
  COLUMN_X0,
  COLUMN_Y0,
  COLUMN_X1,
  COLUMN_Y1,
  COLUMN_LABEL,
  COLUMN_SHAPE,
  N_COLUMNS
};

struct reader
{
  const char            *path;
  struct dino_error     *error;
  char                  *next, *end;
  unsigned long          line;
  char                  *fields[MAX_FIELDS];
  int                    n_fields;
  int                    place[N_COLUMNS]; /* field of each column, -1: absent */
  bool                   sizes;            /* X1 and Y1 are width and height */
  bool                   placed;           /* place is known */
  struct dino_named_box *boxes;
  size_t                 n_boxes, capacity;
};

static bool
refuse (struct reader *reader, const char *reason)
{
  return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”, line %lu: %s."), reader->path, reader->line, reason);
}

/* Ends the field at reader->next and unquotes it in place. */
static bool
take_field (struct reader *reader, char **field, char *terminator)
{
  bool  quoted = *reader->next == '"';
  char *from = reader->next + quoted, *to = from;

  *field = from;
  for (; from < reader->end; from++)
    {
      if (quoted && *from == '"' && from[1] == '"')
        from++;
      else if (quoted && *from == '"')
        {
          from++;
          quoted = false;
          break;
        }
      else if (!quoted && strchr (",\n", *from) != NULL)
        break;
      *to++ = *from;
    }
  if (quoted)
    return refuse (reader, _ ("a quotation mark is not closed"));
  if (from < reader->end && *from == '\r' && from[1] == '\n')
    from++;
  if (from < reader->end && *from != ',' && *from != '\n')
    return refuse (reader, _ ("something follows a quoted field"));
  if (to > *field && to[-1] == '\r')
    to--;
  *terminator = '\n';
  if (from < reader->end)
    *terminator = *from;
  *to = '\0';
  reader->next = from < reader->end ? from + 1 : from;
  return true;
}

/* Without the blanks around it. */
static char *
trim (char *text)
{
  size_t length;

  text += strspn (text, " \t");
  length = strlen (text);
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    text[--length] = '\0';
  return text;
}

static bool
take_line (struct reader *reader)
{
  char terminator = ',';

  reader->line++;
  for (reader->n_fields = 0; terminator == ','; reader->n_fields++)
    {
      char *field;

      if (reader->n_fields == MAX_FIELDS)
        return refuse (reader, _ ("there are too many columns"));
      if (!take_field (reader, &field, &terminator))
        return false;
      reader->fields[reader->n_fields] = trim (field);
    }
  return true;
}

static bool
is_blank (const struct reader *reader)
{
  return reader->n_fields == 1 && *reader->fields[0] == '\0';
}

/* Without a header the numbers are the first four fields, or the four after a label. */
static bool
place_by_position (struct reader *reader)
{
  int    first;
  double number;

  for (first = 0; first < 2; first++)
    {
      int n = 0;

      while (n < N_NUMBERS && first + n < reader->n_fields && dino_parse_double (reader->fields[first + n], &number))
        n++;
      if (n == N_NUMBERS)
        break;
    }
  if (first == 2)
    return false;
  for (int i = 0; i < N_NUMBERS; i++)
    reader->place[i] = first + i;
  reader->place[COLUMN_LABEL] = first == 1 ? 0 : -1;
  reader->place[COLUMN_SHAPE] = -1;
  return true;
}

static int
find_field (const struct reader *reader, const char *name)
{
  for (int i = 0; i < reader->n_fields; i++)
    if (strcmp (reader->fields[i], name) == 0)
      return i;
  return -1;
}

static bool
place_by_header (struct reader *reader)
{
  static const char *const corners[] = { "x0", "y0", "x1", "y1" };
  static const char *const sizes[] = { "x", "y", "width", "height" };
  const char *const       *names = corners;

  reader->sizes = find_field (reader, "width") >= 0;
  if (reader->sizes)
    names = sizes;
  for (int i = 0; i < N_NUMBERS; i++)
    {
      reader->place[i] = find_field (reader, names[i]);
      if (reader->place[i] < 0)
        return refuse (reader, _ ("neither four numbers nor a header that names x0, y0, x1, y1 or x, y, width, height"));
    }
  reader->place[COLUMN_LABEL] = find_field (reader, "label");
  reader->place[COLUMN_SHAPE] = find_field (reader, "shape");
  return true;
}

static bool
reserve (struct reader *reader)
{
  size_t                 capacity = reader->capacity > 0 ? 2 * reader->capacity : 16;
  struct dino_named_box *boxes;

  if (reader->n_boxes < reader->capacity)
    return true;
  boxes = dino_alloc (capacity, sizeof *boxes, reader->error);
  if (boxes == NULL)
    return false;
  if (reader->n_boxes > 0)
    memcpy (boxes, reader->boxes, reader->n_boxes * sizeof *boxes);
  dino_free (reader->boxes);
  reader->boxes = boxes;
  reader->capacity = capacity;
  return true;
}

/* "" where the line or the file has no such column. */
static const char *
get_text (const struct reader *reader, enum column column)
{
  int place = reader->place[column];

  return place >= 0 && place < reader->n_fields ? reader->fields[place] : "";
}

static bool
add_box (struct reader *reader)
{
  double          numbers[N_NUMBERS];
  const char     *shape_name = get_text (reader, COLUMN_SHAPE);
  enum dino_shape shape = DINO_SHAPE_BOX;
  char           *copy;

  for (int i = 0; i < N_NUMBERS; i++)
    if (reader->place[i] >= reader->n_fields || !dino_parse_double (reader->fields[reader->place[i]], &numbers[i]))
      return refuse (reader, _ ("four numbers are needed"));
  if (reader->sizes)
    {
      numbers[COLUMN_X1] += numbers[COLUMN_X0];
      numbers[COLUMN_Y1] += numbers[COLUMN_Y0];
    }
  if (!(numbers[COLUMN_X0] < numbers[COLUMN_X1] && numbers[COLUMN_Y0] < numbers[COLUMN_Y1]))
    return refuse (reader, _ ("the box is empty"));
  if (*shape_name != '\0' && !dino_shape_parse (shape_name, &shape))
    return refuse (reader, _ ("the shape must be box or ellipse"));
  if (!reserve (reader))
    return false;
  copy = dino_strdup (get_text (reader, COLUMN_LABEL), reader->error);
  if (copy == NULL)
    return false;
  reader->boxes[reader->n_boxes++] = (struct dino_named_box){
    .label = copy,
    .shape = shape,
    .box = { numbers[COLUMN_X0], numbers[COLUMN_Y0], numbers[COLUMN_X1], numbers[COLUMN_Y1] },
  };
  return true;
}

static bool
read_lines (struct reader *reader)
{
  while (reader->next < reader->end)
    {
      if (!take_line (reader))
        return false;
      if (is_blank (reader))
        continue;
      if (!reader->placed)
        {
          bool positions = place_by_position (reader);

          reader->placed = true;
          if (!positions && !place_by_header (reader))
            return false;
          if (!positions)
            continue;
        }
      if (!add_box (reader))
        return false;
    }
  return true;
}

bool
dino_boxes_read (const char *path, struct dino_named_box **boxes, size_t *n_boxes, struct dino_error *error)
{
  struct reader reader = { .path = path, .error = error };
  size_t        length = 0;
  uint8_t      *data = dino_file_read (path, MAX_FILE, &length, error);
  bool          complete;

  if (data == NULL)
    return false;
  reader.next = (char *) data;
  reader.end = reader.next + length;
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0) /* byte order mark */
    reader.next += 3;
  complete = read_lines (&reader);
  dino_free (data);
  if (!complete)
    {
      dino_error_about (error, path);
      dino_boxes_free (reader.boxes, reader.n_boxes);
      return false;
    }
  *boxes = reader.boxes;
  *n_boxes = reader.n_boxes;
  return true;
}

void
dino_boxes_free (struct dino_named_box *boxes, size_t n_boxes)
{
  for (size_t i = 0; i < n_boxes; i++)
    dino_free (boxes[i].label);
  dino_free (boxes);
}
