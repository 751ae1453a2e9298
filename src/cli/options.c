#include "cli/options.h"

#include <limits.h>
#include <string.h>

#include "cli/message.h"
#include "core/base/text.h"
#include "core/heads/decoder.h"
#include "core/maps/draw.h"

#define NO_LIMIT G_MAXDOUBLE

#define INFO CLI_COMMAND_INFO
#define FEATURES CLI_COMMAND_FEATURES
#define MAP CLI_COMMAND_MAP
#define BENCH CLI_COMMAND_BENCH
#define MODEL CLI_COMMAND_MODEL
#define SERVE CLI_COMMAND_SERVE
#define CLUSTER CLI_COMMAND_CLUSTER
#define COMPARE CLI_COMMAND_COMPARE
#define INDEX CLI_COMMAND_INDEX
#define NEIGHBORS CLI_COMMAND_NEIGHBORS
#define SEGMENT CLI_COMMAND_SEGMENT
#define PROBE CLI_COMMAND_PROBE
#define EMBED CLI_COMMAND_EMBED
#define MERGE CLI_COMMAND_MERGE
#define ANY CLI_COMMAND_ANY

static const CliOptionInfo options[CLI_N_OPTIONS] = {
  [CLI_OPTION_MODEL] = { "model", 'm', CLI_TYPE_TEXT, ANY, FALSE, "DIR|FILE|NAME", NULL, 0, 0,
                         N_ ("the encoder: a directory in the Hugging Face layout, one .safetensors file, or the name of an installed one (“demo” is the bundled encoder)") },
  [CLI_OPTION_PROCESSOR] = { "processor", 0, CLI_TYPE_TEXT, ANY, FALSE, "FILE", NULL, 0, 0,
                             N_ ("preprocessor_config.json for a single .safetensors file that has none beside it") },
  [CLI_OPTION_PRECISION] = { "precision", 0, CLI_TYPE_CHOICE, ANY, FALSE, NULL, "fp32|bf16|int8", 0, 0,
                             N_ ("arithmetic of the encoder: fp32: float32, the reference (default); bf16: products of bfloat16, faster; int8: 8 bits where that is harmless, fastest; info says what this processor can") },
  [CLI_OPTION_PACKED_CACHE] = { "packed-cache", 0, CLI_TYPE_FLAG, ANY, FALSE, NULL, NULL, 0, 0,
                                N_ ("keep the weights as they are packed for this processor under the cache directory, and start from there; processes share them") },
  [CLI_OPTION_THREADS] = { "threads", 't', CLI_TYPE_INT, ANY, FALSE, "N", NULL, 1, 1024,
                           N_ ("threads (default: the processors this process may use); results are the same for any number") },
  [CLI_OPTION_FIT] = { "fit", 0, CLI_TYPE_CHOICE, ANY, FALSE, NULL, "crop|pad|whole", 0, 0,
                       N_ ("crop: the processor's centre crop (default); pad: the whole picture with zeros around; whole: nothing cropped, both sides rounded down to the patch") },
  [CLI_OPTION_INPUT_SIZE] = { "input-size", 0, CLI_TYPE_INT, ANY, FALSE, "N", NULL, 1, 32768,
                              N_ ("short side of the model's input in pixels, a multiple of the patch (default: the processor's)") },
  [CLI_OPTION_MODEL_INPUT] = { "model-input", 0, CLI_TYPE_CHOICE, ANY, FALSE, NULL, "minmax|bspline|window|percentile", 0, 0,
                               N_ ("the greys that the model gets: minmax: smallest to largest value, 8-bit pictures as they are (default); bspline: RAD-DINO's model card; window: what --window shows; percentile: cut at 1 and 99 %") },
  [CLI_OPTION_INVERT] = { "invert", 0, CLI_TYPE_CHOICE, ANY, FALSE, NULL, "auto|yes|no", 0, 0,
                          N_ ("exchange black and white for display and model alike; auto: as the file says") },
  [CLI_OPTION_WINDOW] = { "window", 0, CLI_TYPE_TEXT, ANY, FALSE, "WINDOW", NULL, 0, 0,
                          N_ ("the values that are shown, and encoded with --model-input window: auto, full, percentile, the file's number N, or CENTER:WIDTH[:linear|linear-exact|sigmoid]") },
  [CLI_OPTION_FRAME] = { "frame", 0, CLI_TYPE_INT, ANY, FALSE, "N", NULL, 1, 1000000,
                         N_ ("which frame of a DICOM file that has several, from 1") },
  [CLI_OPTION_NO_EXIF] = { "no-exif", 0, CLI_TYPE_FLAG, ANY, FALSE, NULL, NULL, 0, 0,
                           N_ ("do not apply the EXIF orientation") },
  [CLI_OPTION_QUIET] = { "quiet", 'q', CLI_TYPE_FLAG, ANY, FALSE, NULL, NULL, 0, 0,
                         N_ ("only errors on standard error") },
  [CLI_OPTION_JSON] = { "json", 0, CLI_TYPE_FLAG, ANY, FALSE, NULL, NULL, 0, 0,
                        N_ ("one JSON object on standard output instead of text") },
  [CLI_OPTION_VERSION] = { "version", 'V', CLI_TYPE_FLAG, ANY, FALSE, NULL, NULL, 0, 0,
                           N_ ("print the version and exit") },
  [CLI_OPTION_HELP] = { "help", 'h', CLI_TYPE_FLAG, ANY, FALSE, NULL, NULL, 0, 0,
                        N_ ("print help, of the command if one is named, and exit") },

  [CLI_OPTION_OUTPUT] = { "output", 'o', CLI_TYPE_TEXT, FEATURES | MAP | BENCH | MODEL | EMBED | MERGE | INDEX | CLUSTER | COMPARE | SEGMENT | PROBE, FALSE, "OUT", NULL, 0, 0,
                          N_ ("file to write; - is standard output where the command prints nothing else; map and segment apply take a directory for several pictures, model get, embed, merge, index, cluster and compare one for the files") },

  [CLI_OPTION_WHAT] = { "what", 0, CLI_TYPE_CHOICE, FEATURES, FALSE, NULL, "tokens|cls|patches|grid|cls+patches", 0, 0,
                        N_ ("what a .npy file holds: tokens [T,D] (default), cls [D], patches [N,D], grid [D,h,w], cls+patches [1+N,D]") },
  [CLI_OPTION_BLOCK] = { "block", 'b', CLI_TYPE_INT, FEATURES | EMBED | SEGMENT, TRUE, "B", NULL, 0, 65535,
                         N_ ("tokens after block B, from 0 (default: the model's output); segment train takes several, side by side") },
  [CLI_OPTION_NO_NORM] = { "no-norm", 0, CLI_TYPE_FLAG, FEATURES | EMBED | COMPARE, FALSE, NULL, NULL, 0, 0,
                           N_ ("without the model's final LayerNorm") },
  [CLI_OPTION_FACET] = { "facet", 0, CLI_TYPE_CHOICE, FEATURES, FALSE, NULL, "token|q|k|v", 0, 0,
                         N_ ("the tokens themselves (default), or their query, key or value in the block") },
  [CLI_OPTION_DTYPE] = { "dtype", 0, CLI_TYPE_CHOICE, FEATURES | EMBED | INDEX, FALSE, NULL, "f32|f16|int8", 0, 0,
                         N_ ("numbers of a .npy file (default: f32); int8 is for index alone, which keeps the exact rows beside") },
  [CLI_OPTION_HIDDEN] = { "hidden", 0, CLI_TYPE_FLAG, FEATURES | BENCH, FALSE, NULL, NULL, 0, 0,
                          N_ ("keep all hidden states; features writes them to the .safetensors file") },
  [CLI_OPTION_ATTENTION] = { "attention", 0, CLI_TYPE_TEXT, FEATURES, TRUE, "B[,H]", NULL, 0, 0,
                             N_ ("write the attention of block B, all heads or head H, to the .safetensors file; may be given for several blocks") },
  [CLI_OPTION_PIXEL_VALUES] = { "pixel-values", 0, CLI_TYPE_TEXT, FEATURES, FALSE, "FILE.npy", NULL, 0, 0,
                                N_ ("write the tensor that enters the model, [3,H,W]") },
  [CLI_OPTION_RAW_PIXELS] = { "raw-pixels", 0, CLI_TYPE_TEXT, FEATURES, FALSE, "FILE.npy", NULL, 0, 0,
                              N_ ("read such a tensor, normalised already, instead of a picture") },

  [CLI_OPTION_LIST] = { "list", 'l', CLI_TYPE_FLAG, MAP, FALSE, NULL, NULL, 0, 0,
                        N_ ("print the overlays with their parameters and exit") },
  [CLI_OPTION_OVERLAY] = { "overlay", 0, CLI_TYPE_TEXT, MAP, FALSE, "ID", NULL, 0, 0,
                           N_ ("what to show: an id that --list prints") },
  [CLI_OPTION_SET] = { "set", 's', CLI_TYPE_TEXT, MAP, TRUE, "NAME=VALUE", NULL, 0, 0,
                       N_ ("a parameter of the overlay; may be given for several") },
  [CLI_OPTION_FROM] = { "from", 0, CLI_TYPE_TEXT, MAP | MODEL, FALSE, "SIDECAR.json|URL|DIR", NULL, 0, 0,
                        N_ ("map: overlay, parameters, drawing and preparation as a sidecar says; other options override it. model get: a mirror's address, or a directory to copy from") },
  [CLI_OPTION_MAP_ONLY] = { "map-only", 0, CLI_TYPE_FLAG, MAP, FALSE, NULL, NULL, 0, 0,
                            N_ ("the map without the radiograph, transparent where there is none") },
  [CLI_OPTION_SIZE] = { "size", 0, CLI_TYPE_CHOICE, MAP, FALSE, NULL, "original|model", 0, 0,
                        N_ ("pixels of the original (default) or of the model's input") },
  [CLI_OPTION_COLORMAP] = { "colormap", 0, CLI_TYPE_TEXT, MAP, FALSE, "NAME", NULL, 0, 0,
                            N_ ("colours; --list prints the names") },
  [CLI_OPTION_OPACITY] = { "opacity", 0, CLI_TYPE_REAL, MAP, FALSE, "X", NULL, 0, 1,
                           N_ ("opacity of the map, 0 to 1 (default: 0.5, with --map-only 1)") },
  [CLI_OPTION_THRESHOLD] = { "threshold", 0, CLI_TYPE_REAL, MAP, FALSE, "X", NULL, -NO_LIMIT, NO_LIMIT,
                             N_ ("draw nothing where the value is less than X") },
  [CLI_OPTION_SMOOTH] = { "smooth", 0, CLI_TYPE_CHOICE, MAP | SEGMENT, FALSE, NULL, "cells|bilinear|guided", 0, 0,
                          N_ ("patches as cells (default of map), between their centres (default of segment), or guided by the edges of the radiograph") },
  [CLI_OPTION_CONTOURS] = { "contours", 0, CLI_TYPE_INT, MAP, FALSE, "N", NULL, 0, DINO_MAX_CONTOURS,
                            N_ ("lines of equal value at N equal steps of the range, 0 to 10 (default: none)") },
  [CLI_OPTION_RANGE] = { "range", 0, CLI_TYPE_TEXT, MAP, FALSE, "auto|LO:HI", NULL, 0, 0,
                         N_ ("values that the colours cover (default: the map's own)") },
  [CLI_OPTION_BAR] = { "bar", 0, CLI_TYPE_FLAG, MAP, FALSE, NULL, NULL, 0, 0,
                       N_ ("colour bar with numbers below the picture") },
  [CLI_OPTION_SECONDARY_CAPTURE] = { "secondary-capture", 0, CLI_TYPE_FLAG, MAP, FALSE, NULL, NULL, 0, 0,
                                     N_ ("allow -o OUT.dcm: a DICOM secondary capture with new identifiers") },
  [CLI_OPTION_NPY] = { "npy", 0, CLI_TYPE_TEXT, MAP, FALSE, "FILE.npy", NULL, 0, 0,
                       N_ ("also write the map's values, [h,w] or [h,w,3]; for several pictures a directory") },
  [CLI_OPTION_REGION] = { "region", 0, CLI_TYPE_TEXT, MAP, FALSE, "FILE", NULL, 0, 0,
                          N_ ("compare the map with boxes or ellipses (CSV) or a mask (PNG); the numbers go to standard output as JSON") },
  [CLI_OPTION_REFERENCE] = { "reference", 0, CLI_TYPE_TEXT, MAP, TRUE, "IMAGE", NULL, 0, 0,
                             N_ ("a picture to compare with, for overlays that take one (similarity, difference, pca); may be given for several, in their order; encoded once, prepared as the others") },
  [CLI_OPTION_REFERENCE_MODEL] = { "reference-model", 0, CLI_TYPE_TEXT, MAP | COMPARE, FALSE, "DIR|FILE|NAME", NULL, 0, 0,
                                   N_ ("the encoder of what is compared with: of the --reference pictures or, without them, of the same picture") },
  [CLI_OPTION_SAVE_BASIS] = { "save-basis", 0, CLI_TYPE_TEXT, MAP, FALSE, "FILE.safetensors", NULL, 0, 0,
                              N_ ("with the overlay pca: fit one basis on all pictures, write it, and draw with it") },

  [CLI_OPTION_TABLE] = { "table", 0, CLI_TYPE_TEXT, INDEX | CLUSTER | PROBE, FALSE, "FILE", NULL, 0, 0,
                         N_ ("a TSV or CSV that says more of the pictures, whose rows are found by their names; index takes its columns, probe its labels") },
  [CLI_OPTION_KEY] = { "key", 0, CLI_TYPE_TEXT, INDEX | NEIGHBORS | CLUSTER | PROBE, FALSE, "COLUMN", NULL, 0, 0,
                       N_ ("the column of --table or --texts that names pictures (default: name, file, filename or image)") },
  [CLI_OPTION_MEAN] = { "mean", 0, CLI_TYPE_FLAG, INDEX | CLUSTER | COMPARE | NEIGHBORS, FALSE, NULL, NULL, 0, 0,
                        N_ ("the mean of the patches instead of CLS") },
  [CLI_OPTION_K] = { "k", 'k', CLI_TYPE_INT, CLUSTER | NEIGHBORS | COMPARE, FALSE, "K", NULL, 1, 1000000,
                     N_ ("cluster: into how many groups (default: none, the map alone); neighbors and compare: how many of them (default: 10)") },
  [CLI_OPTION_SEED] = { "seed", 0, CLI_TYPE_INT, CLUSTER | SEGMENT | PROBE, FALSE, "N", NULL, 0, INT_MAX,
                        N_ ("where random numbers start (default: 0); one seed gives the same result everywhere") },
  [CLI_OPTION_N_INIT] = { "n-init", 0, CLI_TYPE_INT, CLUSTER, FALSE, "N", NULL, 1, 1000,
                          N_ ("k-means from so many starts, of which the best counts (default: 10)") },
  [CLI_OPTION_NORMALIZE] = { "normalize", 0, CLI_TYPE_FLAG, CLUSTER, FALSE, NULL, NULL, 0, 0,
                             N_ ("bring each vector to length 1 first, so that distances follow the cosine") },
  [CLI_OPTION_BATCH] = { "batch", 0, CLI_TYPE_INT, CLUSTER, FALSE, "N", NULL, 0, 10000000,
                         N_ ("k-means by mini-batches of N vectors; 0: all vectors in every round (default: 0, and 8192 where they take more than 2 GiB as float32)") },
  [CLI_OPTION_MAP] = { "map", 0, CLI_TYPE_CHOICE, CLUSTER, FALSE, NULL, "pca|tsne|none", 0, 0,
                       N_ ("how the plane is found: pca: principal components; tsne: t-SNE from there (default up to 50,000 vectors)") },
  [CLI_OPTION_PERPLEXITY] = { "perplexity", 0, CLI_TYPE_REAL, CLUSTER, FALSE, "X", NULL, 1.1, 10000,
                              N_ ("of t-SNE: about how many neighbours count (default: 30; at most a third of the others)") },
  [CLI_OPTION_COLOR_BY] = { "color-by", 0, CLI_TYPE_TEXT, CLUSTER, FALSE, "COLUMN", NULL, 0, 0,
                            N_ ("colour the map by a column of --table or of the embeddings' own table (default: by group)") },
  [CLI_OPTION_DUPLICATES] = { "duplicates", 0, CLI_TYPE_REAL, CLUSTER, FALSE, "X", NULL, -1, 1,
                              N_ ("also list pairs whose cosine is at least X, such as 0.99") },
  [CLI_OPTION_FORMAT] = { "format", 0, CLI_TYPE_CHOICE, CLUSTER | COMPARE, FALSE, NULL, "png|svg", 0, 0,
                          N_ ("of the picture (default: png)") },
  [CLI_OPTION_BLOCKS] = { "blocks", 0, CLI_TYPE_TEXT, COMPARE, FALSE, "all|last|B,B…", NULL, 0, 0,
                          N_ ("which blocks are compared, each with each (default: all)") },
  [CLI_OPTION_DEBIASED] = { "debiased", 0, CLI_TYPE_FLAG, COMPARE, FALSE, NULL, NULL, 0, 0,
                            N_ ("CKA with the estimator without bias, for few pictures and many channels") },
  [CLI_OPTION_REFERENCE_PRECISION] = { "reference-precision", 0, CLI_TYPE_CHOICE, COMPARE, FALSE, NULL, "fp32|bf16|int8", 0, 0,
                                       N_ ("what the reference computes in (default: as --precision)") },
  [CLI_OPTION_REFERENCE_FIT] = { "reference-fit", 0, CLI_TYPE_CHOICE, COMPARE, FALSE, NULL, "crop|pad|whole", 0, 0,
                                 N_ ("how the reference's pictures are fitted (default: as --fit)") },
  [CLI_OPTION_REFERENCE_INPUT_SIZE] = { "reference-input-size", 0, CLI_TYPE_INT, COMPARE, FALSE, "N", NULL, 1, 32768,
                                        N_ ("short side of the reference's input (default: as --input-size)") },
  [CLI_OPTION_REFERENCE_MODEL_INPUT] = { "reference-model-input", 0, CLI_TYPE_CHOICE, COMPARE, FALSE, NULL, "minmax|bspline|window|percentile", 0, 0,
                                         N_ ("the greys that the reference gets (default: as --model-input)") },

  [CLI_OPTION_MASKS] = { "masks", 0, CLI_TYPE_TEXT, SEGMENT, FALSE, "DIR", NULL, 0, 0,
                         N_ ("where the masks are: for each picture a PNG of its size with the same name up to the ending; indexes or greys are the classes") },
  [CLI_OPTION_HEAD] = { "head", 0, CLI_TYPE_TEXT, SEGMENT | PROBE, FALSE, "HEAD.safetensors", NULL, 0, 0,
                        N_ ("what train wrote; for probe also a PyTorch nn.Linear saved as safetensors, or a Dinov2ForImageClassification checkpoint") },
  [CLI_OPTION_CLASSES] = { "classes", 0, CLI_TYPE_TEXT, SEGMENT, FALSE, "VALUE=NAME,…", NULL, 0, 0,
                           N_ ("train: the values of the masks that are classes, with names, the first one for what lies around (default: all values that occur, from the smallest)") },
  [CLI_OPTION_IGNORE] = { "ignore", 0, CLI_TYPE_INT, SEGMENT, FALSE, "VALUE", NULL, 0, 255,
                          N_ ("train and test: pixels with this value in the masks count for nothing") },
  [CLI_OPTION_HIDDEN_UNITS] = { "hidden-units", 0, CLI_TYPE_INT, SEGMENT, FALSE, "N", NULL, 0, DINO_DECODER_MAX_HIDDEN,
                                N_ ("train: N units with ReLU between patch tokens and classes (default: 0, a linear decoder)") },
  [CLI_OPTION_L2] = { "l2", 0, CLI_TYPE_TEXT, SEGMENT | PROBE, FALSE, "auto|X[,X…]", NULL, 0, 0,
                      N_ ("train: strength that holds weights down. segment: X times half the sum of squared weights is added to the mean loss (default: 0.0001). probe: 1/C of scikit-learn and alpha of its Ridge, one, or several of which the folds choose (default: auto, which is 1e-4, 1e-3, … 1e4)") },
  [CLI_OPTION_CLASS_WEIGHTS] = { "class-weights", 0, CLI_TYPE_CHOICE, SEGMENT | PROBE, FALSE, NULL, "none|balanced", 0, 0,
                                 N_ ("train: each patch or picture counts as much as each other (default), or each class") },
  [CLI_OPTION_POLYGONS] = { "polygons", 0, CLI_TYPE_TEXT, SEGMENT, FALSE, "FILE", NULL, 0, 0,
                            N_ ("apply: outlines of all classes but the first, as GeoJSON (.geojson) or SVG (.svg); for several pictures a directory, which gets GeoJSON") },
  [CLI_OPTION_SIMPLIFY] = { "simplify", 0, CLI_TYPE_REAL, SEGMENT, FALSE, "X", NULL, 0, 1000,
                            N_ ("apply: corners of outlines are left out where they cut off no more than X^2 pixels (default: 1); 0 keeps the edges of pixels") },

  [CLI_OPTION_LIST_FILE] = { "list", 0, CLI_TYPE_TEXT, EMBED, FALSE, "FILE", NULL, 0, 0,
                             N_ ("the inputs: a file name a line, or names that end with a NUL; - is standard input") },
  [CLI_OPTION_SHARD] = { "shard", 0, CLI_TYPE_TEXT, EMBED, FALSE, "I/N", NULL, 0, 0,
                         N_ ("part I, from 0, of N parts of the inputs, for merge; by itself in a Slurm array of tasks 0 to N-1") },
  [CLI_OPTION_RESUME] = { "resume", 0, CLI_TYPE_FLAG, EMBED, FALSE, NULL, NULL, 0, 0,
                          N_ ("go on with what was begun in the folder (this is the default)") },
  [CLI_OPTION_UPDATE] = { "update", 0, CLI_TYPE_FLAG, EMBED, FALSE, NULL, NULL, 0, 0,
                          N_ ("embed what is new or changed in a folder that is complete, by the files' contents, and drop what is gone") },
  [CLI_OPTION_HASH_NAMES] = { "hash-names", 0, CLI_TYPE_FLAG, EMBED, FALSE, NULL, NULL, 0, 0,
                              N_ ("write a keyed hash instead of each name; the key is made once, in the file that the manual page names") },

  [CLI_OPTION_RUNS] = { "runs", 'n', CLI_TYPE_INT, BENCH, FALSE, "N", NULL, 1, 100000,
                        N_ ("timed runs (default: 7)") },

  [CLI_OPTION_PATCHES] = { "patches", 0, CLI_TYPE_FLAG, EMBED | INDEX, FALSE, NULL, NULL, 0, 0,
                           N_ ("embed: also write all patch tokens, [n,N,D], 4 MB a picture and half of that with --dtype f16; index: a row for each patch instead of one for each picture") },
  [CLI_OPTION_LAST4] = { "last4", 0, CLI_TYPE_FLAG, EMBED, FALSE, NULL, NULL, 0, 0,
                         N_ ("also write CLS of the last four blocks, for heads on last4-cls: last4.npy [n,4 D]") },
  [CLI_OPTION_QUERY] = { "query", 0, CLI_TYPE_TEXT, NEIGHBORS, TRUE, "IMAGE|ROW|FILE.npy", NULL, 0, 0,
                         N_ ("what to look for: a picture, which is encoded, a row of the index, from 0, or rows of a file; may be given several times; “all” is every row") },
  [CLI_OPTION_PATCH] = { "patch", 0, CLI_TYPE_TEXT, NEIGHBORS, FALSE, "R:C", NULL, 0, 0,
                         N_ ("with an index of patches: the patch of the query, row and column from 0") },
  [CLI_OPTION_WHERE] = { "where", 0, CLI_TYPE_TEXT, NEIGHBORS, TRUE, "COLUMN=VALUE", NULL, 0, 0,
                         N_ ("only rows with this value in the index's table; the same column again allows another value, another column must hold, too") },
  [CLI_OPTION_EXCLUDE_SAME] = { "exclude-same", 0, CLI_TYPE_TEXT, NEIGHBORS, FALSE, "COLUMN[=VALUE]", NULL, 0, 0,
                                N_ ("leave out rows with the query's own value in the column, such as its patient; VALUE for a query that is not in the index") },
  [CLI_OPTION_SHEET] = { "sheet", 0, CLI_TYPE_TEXT, NEIGHBORS, FALSE, "OUT.png", NULL, 0, 0,
                         N_ ("also draw the query and its neighbours on one contact sheet") },
  [CLI_OPTION_PICTURES] = { "pictures", 0, CLI_TYPE_TEXT, NEIGHBORS, FALSE, "DIR", NULL, 0, 0,
                            N_ ("where the names of the index begin, for --sheet") },
  [CLI_OPTION_TEXTS] = { "texts", 0, CLI_TYPE_TEXT, NEIGHBORS, FALSE, "FILE", NULL, 0, 0,
                         N_ ("a TSV or CSV with a text for each picture, such as its report: those of the neighbours are shown, which are other patients'") },
  [CLI_OPTION_TEXT_COLUMN] = { "text-column", 0, CLI_TYPE_TEXT, NEIGHBORS, FALSE, "COLUMN", NULL, 0, 0,
                               N_ ("the column of --texts (default: text or report)") },
  [CLI_OPTION_VERIFY] = { "verify", 0, CLI_TYPE_FLAG, NEIGHBORS, FALSE, NULL, NULL, 0, 0,
                          N_ ("compare all of the index with its hashes first, not only its sizes and small files") },
  [CLI_OPTION_LABEL] = { "label", 0, CLI_TYPE_TEXT, PROBE, TRUE, "COLUMN", NULL, 0, 0,
                         N_ ("what is to be learned or tested; may be given for several columns") },
  [CLI_OPTION_GROUP] = { "group", 0, CLI_TYPE_TEXT, PROBE, FALSE, "COLUMN", NULL, 0, 0,
                         N_ ("whose pictures are never on both sides of a fold, and are drawn together for intervals: the patient") },
  [CLI_OPTION_TASK] = { "task", 0, CLI_TYPE_CHOICE, PROBE, FALSE, NULL, "classify|multilabel|regress", 0, 0,
                        N_ ("what the columns are; classify: one column of classes; multilabel: columns of 0, 1, -1 (uncertain) or nothing; regress: numbers, such as age (default: as the columns look)") },
  [CLI_OPTION_FEATURES] = { "features", 0, CLI_TYPE_CHOICE, PROBE, FALSE, NULL, "cls|cls+mean|mean|last4-cls", 0, 0,
                            N_ ("what a head is fitted on: the CLS token (default), CLS and the mean patch, the mean patch, or CLS of the last four blocks (embed --last4)") },
  [CLI_OPTION_FOLDS] = { "folds", 0, CLI_TYPE_INT, PROBE, FALSE, "N", NULL, 2, 100,
                         N_ ("folds of cross-validation (default: 5), by group and with like shares of each class") },
  [CLI_OPTION_UNCERTAIN] = { "uncertain", 0, CLI_TYPE_CHOICE, PROBE, FALSE, NULL, "ignore|zero|one", 0, 0,
                             N_ ("what -1 in a column of labels is, as in CheXpert: left out as a missing label is (default), 0 or 1") },
  [CLI_OPTION_KNN] = { "knn", 0, CLI_TYPE_TEXT, PROBE, FALSE, "EMBEDDINGS", NULL, 0, 0,
                       N_ ("nearest neighbours instead of a head, for test: what the 10, 20, 100 and 200 nearest pictures of that folder are, as DINOv2's evaluation (cosine, temperature 0.07); the folder itself leaves out the same group") },
  [CLI_OPTION_BOOTSTRAP] = { "bootstrap", 0, CLI_TYPE_INT, PROBE, FALSE, "N", NULL, 0, 1000000,
                             N_ ("draws of groups for intervals of 95 % (default: 1000; 0: none)") },
  [CLI_OPTION_SCORES] = { "scores", 0, CLI_TYPE_TEXT, PROBE, FALSE, "FILE.tsv", NULL, 0, 0,
                          N_ ("write the score of each picture; of train those that were held out, with their folds") },
  [CLI_OPTION_CHART] = { "chart", 0, CLI_TYPE_TEXT, PROBE, FALSE, "FILE", NULL, 0, 0,
                         N_ ("write ROC, precision and recall, calibration and confusion as PNG or SVG, as the name ends") },
  [CLI_OPTION_TRAINING_LIST] = { "training-list", 0, CLI_TYPE_TEXT, PROBE, FALSE, "FILE", NULL, 0, 0,
                                 N_ ("warn of pictures whose file names are in the list of the encoder's training pictures (RAD-DINO's training_images.csv, or a name a line)") },

  [CLI_OPTION_YES] = { "yes", 'y', CLI_TYPE_FLAG, MODEL, FALSE, NULL, NULL, 0, 0,
                       N_ ("get: fetch without asking") },
  [CLI_OPTION_FORCE] = { "force", 0, CLI_TYPE_FLAG, MODEL, FALSE, NULL, NULL, 0, 0,
                         N_ ("get: replace files of another content") },
  [CLI_OPTION_MANIFEST] = { "manifest", 0, CLI_TYPE_TEXT, MODEL, FALSE, "FILE.json", NULL, 0, 0,
                            N_ ("get: the files of another model, with repository, sizes and hashes") },
  [CLI_OPTION_PROGRESS_FD] = { "progress-fd", 0, CLI_TYPE_INT, MODEL | EMBED, FALSE, "N", NULL, 1, 1023,
                               N_ ("write “DONE TOTAL NAME” to descriptor N, for programs: bytes of model get, pictures of embed") },
  [CLI_OPTION_STALL_SECONDS] = { "stall-seconds", 0, CLI_TYPE_INT, MODEL, FALSE, "N", NULL, 1, 86400,
                                 N_ ("get: give up when nothing has come for so long (default: 60)") },
};

static const CliCommandInfo commands[] = {
  { INFO, "info", "[IMAGE…]", N_ ("program, processor and model; what the model sees of pictures"),
    N_ ("Without a picture: versions, processor, threads, and the model in use with where it was found. With pictures: how each is read and what the model will see of it.") },
  { FEATURES, "features", "IMAGE -o OUT", N_ ("tokens, hidden states and attention as .npy or .safetensors"),
    N_ ("Writes the encoder's numbers: one array as .npy, or with a name that ends in .safetensors the input, the output, the pooled output and on request hidden states and attention. Blocks and heads count from 0.") },
  { MAP, "map", "IMAGE… --overlay ID -o OUT", N_ ("a map over the radiograph, or its values, with a sidecar"),
    N_ ("Computes an overlay and writes it over the radiograph as PNG, SVG or PDF, or its values as NPY or CSV, as the name ends; a sidecar beside it (OUT.json) says how it was made. --list prints the overlays and their parameters.") },
  { BENCH, "bench", "[IMAGE]", N_ ("seconds for loading and for a forward pass, and memory"),
    N_ ("One untimed run, then timed ones: pixel values in memory to last hidden state in memory. Without a picture a formula makes one.") },
  { MODEL, "model", "list | verify [DIR|NAME] | get rad-dino | calibrate IMAGE… -o FILE", N_ ("encoders on this machine; whether one is RAD-DINO as published; fetching it"),
    N_ ("list prints every encoder that is found, with the name that --model takes; a star marks the one in use. verify compares the files of a model with the published sizes and hashes of RAD-DINO, file by file. get fetches RAD-DINO over https after telling what, from where, how large and under which licence; it goes on where it was cut off, and checks length and hash. Nothing else opens a network socket. calibrate measures on pictures how large the activations of --model become and writes it for --precision int8, which takes dinoscope-calibration.safetensors beside a model instead of the bundled pictures.") },
  { CLUSTER, "cluster", "EMBEDDINGS|INDEX|FILE.npy -o DIR", N_ ("groups and a map of many pictures, and near duplicates among them"),
    N_ ("Puts what embed or index wrote into groups by k-means, draws a map of it and lists near duplicates. The directory gets labels.tsv (group, distance from its centre, silhouette and place on the map of each picture), centroids.npy, map2d.npy, the map as a picture, duplicates.tsv and cluster.json.") },
  { COMPARE, "compare", "INPUT…", N_ ("how alike two encoders, or two ways of running one, see the same pictures"),
    N_ ("Linear CKA and the overlap of nearest neighbours for each pair of blocks, and the effective rank of each, over the pictures of folders. The reference is another encoder, precision or preparation; without one the blocks are compared with each other. A table goes to standard output; with -o the directory gets it with a picture.") },
  { SEGMENT, "segment", "train IMAGE… --masks DIR -o HEAD | test IMAGE… --masks DIR --head HEAD | apply IMAGE… --head HEAD -o OUT", N_ ("a decoder on patch tokens: trained on masks, tested, and applied"),
    N_ ("train learns from pictures with masks which patch is what and writes a decoder. test prints Dice and intersection over union of a decoder on other pictures, class by class, in pixels of the originals inside what the model saw. apply writes masks as PNG and outlines as GeoJSON or SVG.") },
  { PROBE, "probe", "train EMBEDDINGS --table FILE --label COLUMN -o HEAD | test EMBEDDINGS --table FILE --head HEAD | apply EMBEDDINGS|IMAGE… --head HEAD", N_ ("linear heads on embeddings: fitting, testing and applying them"),
    N_ ("train fits a head on a folder of embeddings: logistic regression for classes and for labels that do not exclude each other, ridge regression for numbers, the strength being chosen by folds; it prints the scores of held-out pictures. test scores a head, or nearest neighbours (--knn), on other embeddings, with intervals by group. apply writes the scores of embeddings or pictures. The scores are for research; nothing here makes a diagnosis.") },
  { SERVE, "serve", "", N_ ("work for a viewer's plug-in, told what to do on standard input"),
    N_ ("For programs, such as the plug-in for Eye of GNOME: requests come on standard input and answers go to standard output, as dinoscope-cli(1) describes. It ends when its input does, and reads no picture before it is asked to.") },
  { INDEX, "index", "DIR…|FILE.npy -o INDEX", N_ ("a folder to search in, of what embed wrote"),
    N_ ("Makes rows of length 1 of the embeddings of one or several folders, with a table of the pictures and a description of the encoder beside them. --dtype int8 keeps rows in 8 bits to look at first and the exact ones for the answer, which stays the same.") },
  { NEIGHBORS, "neighbors", "INDEX --query IMAGE|ROW|FILE.npy", N_ ("the most similar pictures, or patches, of an index"),
    N_ ("Prints the nearest rows of an index by cosine, exactly: query, rank, row, name, cosine. A row that is looked for is left out of its own answer. A picture is encoded as the index was; another encoder or preparation is refused.") },
  { EMBED, "embed", "INPUT… -o DIR", N_ ("embeddings of whole collections, which neighbours, clusters and probes begin with"),
    N_ ("Writes the CLS token and the mean patch token of every picture as matrices, and a table of the pictures. Inputs are folders with all below them, files, patterns, a list of names (--list), or - for a tar archive on standard input. A picture that cannot be read is a row of the table and stops nothing. The same command goes on where it was interrupted, however that was.") },
  { MERGE, "merge", "DIR… -o DIR", N_ ("the parts of embed --shard put together"),
    N_ ("Puts the folders of all parts together, as if one process had embedded everything. Parts that do not belong together, are damaged or are missing are named, and nothing is written.") },
};

const CliOptionInfo *
cli_option_info (CliOption option)
{
  return &options[option];
}

const CliCommandInfo *
cli_command_at (guint index)
{
  return index < G_N_ELEMENTS (commands) ? &commands[index] : NULL;
}

const CliCommandInfo *
cli_command_info (CliCommand command)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].command == command)
      return &commands[i];
  return NULL;
}

const char *
cli_option_spelling (CliOption option, char buffer[32])
{
  g_snprintf (buffer, 32, "--%s", options[option].name);
  return buffer;
}

static gboolean
is_choice (const char *choices, const char *value)
{
  g_auto (GStrv) list = g_strsplit (choices, "|", -1);

  return g_strv_contains ((const char *const *) list, value);
}

static gboolean
check_number (const CliOptionInfo *info, const char *value)
{
  gboolean is_int = info->type == CLI_TYPE_INT;
  char     low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  double   number = 0;
  gint64   whole = 0;
  gboolean is_number = is_int ? g_ascii_string_to_signed (value, 10, INT_MIN, INT_MAX, &whole, NULL)
                              : dino_parse_double (value, &number);

  if (is_int)
    number = (double) whole;
  if (is_number && number >= info->low && number <= info->high)
    return TRUE;
  if (info->high == NO_LIMIT)
    return cli_usage_error (CLI_COMMAND_NONE, _ ("--%s needs a number, not “%s”."), info->name, value);
  return cli_usage_error (CLI_COMMAND_NONE,
                          is_int ? _ ("--%s needs a whole number from %s to %s, not “%s”.")
                                 : _ ("--%s needs a number from %s to %s, not “%s”."),
                          info->name, g_ascii_formatd (low, sizeof low, "%.0f", info->low),
                          g_ascii_formatd (high, sizeof high, "%.0f", info->high), value);
}

static gboolean
check_value (const CliOptionInfo *info, const char *value)
{
  g_autofree char *list = NULL;

  switch (info->type)
    {
    case CLI_TYPE_INT:
    case CLI_TYPE_REAL:
      return check_number (info, value);
    case CLI_TYPE_CHOICE:
      if (is_choice (info->choices, value))
        return TRUE;
      list = g_strdelimit (g_strdup (info->choices), "|", ' ');
      return cli_usage_error (CLI_COMMAND_NONE, _ ("--%s cannot be “%s”; it is one of: %s."), info->name, value, list);
    case CLI_TYPE_TEXT:
      if (*value != '\0')
        return TRUE;
      return cli_usage_error (CLI_COMMAND_NONE, _ ("--%s needs a value that is not empty."), info->name);
    case CLI_TYPE_FLAG:
    default:
      return TRUE;
    }
}

/* The same name may be another option of another command: then the command
 * decides, and the first in the table where it has none. */
static int
find_option (CliCommand command, const char *name, gsize length, char letter)
{
  int found = -1;

  for (int i = 0; i < CLI_N_OPTIONS; i++)
    if (name != NULL ? strlen (options[i].name) == length && memcmp (options[i].name, name, length) == 0
                     : options[i].letter == letter)
      {
        if ((options[i].commands & command) != 0)
          return i;
        if (found < 0)
          found = i;
      }
  return found;
}

static gboolean
add_value (CliArguments *arguments, CliOption option, const char *value)
{
  if (!check_value (&options[option], value))
    return FALSE;
  if (arguments->values[option] == NULL)
    arguments->values[option] = g_ptr_array_new ();
  if (!options[option].repeatable)
    g_ptr_array_set_size (arguments->values[option], 0);
  g_ptr_array_add (arguments->values[option], (gpointer) value);
  return TRUE;
}

/* --name, --name=value, --name value; *next is the argument after this one. */
static gboolean
parse_long (CliArguments *arguments, CliCommand command, const char *argument, char **next, gboolean *used_next)
{
  const char *name = argument + 2;
  const char *equals = strchr (name, '=');
  int         option = find_option (command, name, equals != NULL ? (gsize) (equals - name) : strlen (name), 0);

  if (option < 0)
    return cli_usage_error (arguments->command, _ ("There is no option %s."), argument);
  if (options[option].type == CLI_TYPE_FLAG)
    {
      if (equals != NULL)
        return cli_usage_error (arguments->command, _ ("--%s takes no value."), options[option].name);
      return add_value (arguments, option, "");
    }
  if (equals != NULL)
    return add_value (arguments, option, equals + 1);
  if (*next == NULL)
    return cli_usage_error (arguments->command, _ ("--%s needs a value."), options[option].name);
  *used_next = TRUE;
  return add_value (arguments, option, *next);
}

/* -x, -xy of flags, -o value, -ovalue. */
static gboolean
parse_short (CliArguments *arguments, CliCommand command, const char *argument, char **next, gboolean *used_next)
{
  for (const char *letter = argument + 1; *letter != '\0'; letter++)
    {
      int option = find_option (command, NULL, 0, *letter);

      if (option < 0)
        return cli_usage_error (arguments->command, _ ("There is no option -%c (in %s)."), *letter, argument);
      if (options[option].type == CLI_TYPE_FLAG)
        {
          if (!add_value (arguments, option, ""))
            return FALSE;
          continue;
        }
      if (letter[1] != '\0')
        return add_value (arguments, option, letter + 1);
      if (*next == NULL)
        return cli_usage_error (arguments->command, _ ("-%c needs a value."), *letter);
      *used_next = TRUE;
      return add_value (arguments, option, *next);
    }
  return TRUE;
}

/* The first argument that is no option is the command. */
static gboolean
add_operand (CliArguments *arguments, const char *argument)
{
  if (arguments->command != CLI_COMMAND_NONE)
    {
      if (*argument == '\0')
        return cli_usage_error (arguments->command, _ ("A file name is empty."));
      g_ptr_array_add (arguments->operands, (gpointer) argument);
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, argument) == 0)
      {
        arguments->command = commands[i].command;
        return TRUE;
      }
  return cli_usage_error (CLI_COMMAND_NONE, _ ("There is no command “%s”."), argument);
}

static gboolean
check_whole (const CliArguments *arguments)
{
  if (cli_arguments_has (arguments, CLI_OPTION_HELP) || cli_arguments_has (arguments, CLI_OPTION_VERSION))
    return TRUE;
  if (arguments->command == CLI_COMMAND_NONE)
    return cli_usage_error (CLI_COMMAND_NONE, _ ("No command is given."));
  for (int i = 0; i < CLI_N_OPTIONS; i++)
    if (arguments->values[i] != NULL && (options[i].commands & arguments->command) == 0)
      return cli_usage_error (arguments->command, _ ("--%s is no option of %s."), options[i].name,
                              cli_command_info (arguments->command)->name);
  return TRUE;
}

/* Options may stand before the command that says which ones they are. */
static CliCommand
guess_command (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    for (guint j = 0; j < G_N_ELEMENTS (commands); j++)
      if (strcmp (commands[j].name, argv[i]) == 0)
        return commands[j].command;
  return CLI_COMMAND_NONE;
}

gboolean
cli_arguments_parse (CliArguments *arguments, int argc, char **argv)
{
  const CliCommand command = guess_command (argc, argv);
  gboolean         only_operands = FALSE;

  arguments->operands = g_ptr_array_new ();
  for (int i = 1; i < argc; i++)
    {
      const char *argument = argv[i];
      gboolean    used_next = FALSE;
      gboolean    good;

      if (only_operands || argument[0] != '-' || argument[1] == '\0')
        good = add_operand (arguments, argument);
      else if (strcmp (argument, "--") == 0)
        good = only_operands = TRUE;
      else if (argument[1] == '-')
        good = parse_long (arguments, command, argument, &argv[i + 1], &used_next);
      else
        good = parse_short (arguments, command, argument, &argv[i + 1], &used_next);
      if (!good)
        return FALSE;
      i += used_next;
    }
  return check_whole (arguments);
}

void
cli_arguments_clear (CliArguments *arguments)
{
  g_clear_pointer (&arguments->operands, g_ptr_array_unref);
  for (int i = 0; i < CLI_N_OPTIONS; i++)
    g_clear_pointer (&arguments->values[i], g_ptr_array_unref);
}

gboolean
cli_arguments_has (const CliArguments *arguments, CliOption option)
{
  return arguments->values[option] != NULL;
}

const char *
cli_arguments_text (const CliArguments *arguments, CliOption option, const char *standard)
{
  const GPtrArray *values = arguments->values[option];

  return values != NULL ? values->pdata[values->len - 1] : standard;
}

int
cli_arguments_int (const CliArguments *arguments, CliOption option, int standard)
{
  const char *text = cli_arguments_text (arguments, option, NULL);
  gint64      number = standard;

  if (text != NULL)
    g_ascii_string_to_signed (text, 10, INT_MIN, INT_MAX, &number, NULL);
  return (int) number;
}

double
cli_arguments_real (const CliArguments *arguments, CliOption option, double standard)
{
  const char *text = cli_arguments_text (arguments, option, NULL);
  double      number = standard;

  if (text != NULL)
    dino_parse_double (text, &number);
  return number;
}
