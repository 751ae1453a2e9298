#include <string.h>

#include "core/base/text.h"
#include "io/csv.h"
#include "io/output.h"

static bool
put_text (struct dino_output *output, const char *text, struct dino_error *error)
{
  return dino_output_write (output, text, strlen (text), error);
}

/* Quoted always, since a label may hold anything; quotation marks are doubled. */
static bool
put_quoted (struct dino_output *output, const char *text, struct dino_error *error)
{
  bool good = put_text (output, "\"", error);

  for (const char *mark = strchr (text, '"'); good && mark != NULL; mark = strchr (text, '"'))
    {
      good = dino_output_write (output, text, (size_t) (mark - text), error) && put_text (output, "\"\"", error);
      text = mark + 1;
    }
  return good && put_text (output, text, error) && put_text (output, "\"", error);
}

static bool
put_box (struct dino_output *output, const struct dino_named_box *named, struct dino_error *error)
{
  const double numbers[] = { named->box.x0, named->box.y0, named->box.x1, named->box.y1 };
  char         buffer[DINO_NUMBER_LENGTH];

  if (!put_quoted (output, named->label, error))
    return false;
  for (int i = 0; i < 4; i++)
    if (!put_text (output, ",", error) || !put_text (output, dino_format_double (buffer, numbers[i]), error))
      return false;
  return put_text (output, ",", error) && put_text (output, dino_shape_name (named->shape), error) && put_text (output, "\n", error);
}

bool
dino_boxes_write (const char *path, const struct dino_named_box *boxes, size_t n_boxes, struct dino_error *error)
{
  struct dino_output *output = dino_output_new (path, error);
  bool                good;

  if (output == NULL)
    return false;
  good = put_text (output, "label,x0,y0,x1,y1,shape\n", error);
  for (size_t i = 0; good && i < n_boxes; i++)
    good = put_box (output, &boxes[i], error);
  if (good)
    return dino_output_commit (output, error);
  dino_output_abort (output);
  return false;
}
