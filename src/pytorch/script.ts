/** What runs on PyTorch. A run has a copy of it, so that it needs nothing of this program's. */
import script from "../../media/pytorch/train.py";

export const scriptName = "train.py";

export { script };
